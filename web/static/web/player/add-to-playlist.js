// The dialog that adds tracks to a playlist, which is chosen by typing a part of its name, or made.
// `add-later` opens it.

import { Away } from "./api.js";
import { element, tagText } from "./element.js";
import { openDialog } from "./name-dialog.js";
import { countOf, ownerOf } from "./playlist-words.js";
import { addressOf } from "./router.js";
import { filled, filledWith, gettext, ngettext } from "./translation.js";
import { counted, number } from "./words.js";

const MOST_SHOWN = 100;
const PHONE = matchMedia("(pointer: coarse)");

export class AddToPlaylist {
  constructor(playlists, toasts) {
    Object.assign(this, { playlists, toasts });
  }

  // `ids()` returns a promise of the tracks' ids. `name`: of what is added, if that is one thing.
  // `suggested`: a name for a new playlist. `without`: the id of a playlist that is not offered.
  open({ ids, name = "", suggested = "", without = null }) {
    Object.assign(this, { ids: once(ids), name, without, at: 0 });
    this.field = element("input", {
      type: "text",
      role: "combobox",
      "aria-label": gettext("Find a playlist, or name a new one"),
      "aria-controls": "playlist-choices",
      "aria-expanded": "true",
      "aria-autocomplete": "list",
      placeholder: gettext("Find a playlist, or name a new one"),
      value: suggested,
      maxlength: 200,
      autocomplete: "off",
      dir: "auto",
      on: { input: () => this.showChoices(), keydown: (event) => this.press(event) },
    });
    this.choices = element("ul", { id: "playlist-choices", role: "listbox", "aria-label": gettext("Playlists"), class: "choices" });
    this.note = element("p", { class: "count", role: "status" });
    this.problem = element("p", { class: "problem", role: "alert" });
    this.place = element("div", { class: "add-to" }, this.field, this.choices, this.note, this.problem);
    this.actions = element("div", { class: "actions" }, element("button", { type: "button", on: { click: () => this.dialog.close() } }, gettext("Cancel")));
    const heading = name ? filled(gettext("Add “%(name)s” to a playlist"), { name }) : gettext("Add to a playlist");
    this.dialog = openDialog(heading, this.place, this.actions);
    this.ids().catch((error) => this.fail(error));
    this.listen();
    if (suggested) this.field.select();
    else if (!PHONE.matches) this.field.focus();
  }

  async listen() {
    const { playlists, dialog } = this;
    const show = () => this.showChoices();
    for (const type of ["change", "fail"]) playlists.addEventListener(type, show);
    dialog.addEventListener("close", () => {
      for (const type of ["change", "fail"]) playlists.removeEventListener(type, show);
    });
    this.showChoices();
    await playlists.refresh();
  }

  // The playlists whose names have all the words, then a new one of that name.
  get found() {
    const text = this.field.value.trim();
    const words = fold(text).split(/\s+/);
    const others = this.playlists.writable.filter(({ id }) => id !== this.without);
    const found = others.filter((each) => words.every((word) => fold(each.name).includes(word)));
    const isNew = text && !found.some((each) => fold(each.name) === fold(text));
    const shown = found.slice(0, MOST_SHOWN);
    return [...shown, ...(isNew ? [{ isNew, name: text }] : [])];
  }

  showChoices() {
    const { found, playlists } = this;
    this.at = Math.max(0, Math.min(this.at, found.length - 1));
    this.choices.replaceChildren(...found.map((each, at) => this.choice(each, at)));
    this.choices.hidden = !found.length;
    this.note.textContent = this.noteOf(found);
    this.problem.textContent = playlists.error && !playlists.all ? filled(gettext("The playlists could not be loaded. %(why)s"), { why: playlists.error.message }) : "";
    this.mark();
  }

  noteOf(found) {
    if (!this.playlists.all) return this.playlists.error ? "" : gettext("Loading…");
    if (!found.length) return gettext("You have no playlists yet. Type a name for the first one.");
    return found.length > MOST_SHOWN ? gettext("There are more: type a part of the name.") : "";
  }

  choice(each, at) {
    const words = each.isNew
      ? [tagText("text", filled(gettext("New playlist “%(name)s”"), { name: each.name }))]
      : [tagText("text", each.name), element("span", { class: "facts" }, [countOf(each), !each.is_own && ownerOf(each)].filter(Boolean).join(" · "))];
    return element("li", { role: "option", id: `playlist-choice-${at}`, class: each.isNew ? "choice is-offer" : "choice", on: { click: () => this.choose(each) } }, ...words);
  }

  mark() {
    [...this.choices.children].forEach((choice, at) => choice.setAttribute("aria-selected", at === this.at));
    const marked = this.choices.children[this.at];
    if (marked) this.field.setAttribute("aria-activedescendant", marked.id);
    else this.field.removeAttribute("aria-activedescendant");
    marked?.scrollIntoView({ block: "nearest" });
  }

  press(event) {
    if (event.isComposing) return;
    const last = this.choices.children.length - 1;
    const steps = { ArrowDown: this.at + 1, ArrowUp: this.at - 1, PageDown: this.at + 8, PageUp: this.at - 8 };
    if (event.key === "Enter") this.choose(this.found[this.at]);
    else if (event.key in steps) this.at = Math.max(0, Math.min(steps[event.key], last));
    else {
      if (event.key.length === 1 || event.key === "Backspace") this.at = 0;
      return;
    }
    event.preventDefault();
    this.mark();
  }

  async choose(choice) {
    if (!choice || this.isBusy) return;
    this.isBusy = true;
    this.problem.textContent = "";
    try {
      const ids = await this.ids();
      if (choice.isNew) await this.addTo(await this.playlists.make({ name: choice.name }), ids, { isNew: true });
      else await this.addOrAsk(choice, ids);
    } catch (error) {
      this.fail(error);
    } finally {
      this.isBusy = false;
    }
  }

  async addOrAsk(playlist, ids) {
    const there = new Set(await this.playlists.trackIds(playlist.id).catch(noneIfAway));
    const others = ids.filter((id) => !there.has(id));
    if (others.length === ids.length) await this.addTo(playlist, ids);
    else this.ask(playlist, ids, others);
  }

  ask(playlist, ids, others) {
    const count = ids.length - others.length;
    const tracks = counted(ids.length, "track");
    const some = gettext("%(count)s of the %(tracks)s are in %(playlist)s already.");
    const text = ids.length === 1 ? gettext("This track is in %(playlist)s already.") : count === ids.length ? gettext("All %(tracks)s are in %(playlist)s already.") : some;
    const words = filledWith(text, { count: number(count), tracks, playlist: element("q", { dir: "auto" }, playlist.name) });
    const button = (label, act, kind = "") => element("button", { type: "button", class: kind, on: { click: act } }, label);
    const add = (some) => () => this.addTo(playlist, some).catch((error) => this.fail(error));
    const skip = others.length ? button(filled(ngettext("Add the other one", "Add the other %(count)s", others.length), { count: number(others.length) }), add(others), "primary") : null;
    const all = button(others.length ? gettext("Add all") : gettext("Add again"), add(ids));
    this.place.replaceChildren(element("p", { role: "status" }, ...words), this.problem);
    this.actions.replaceChildren(...[skip, all, button(gettext("Cancel"), () => this.dialog.close())].filter(Boolean));
    (skip ?? all).focus();
  }

  async addTo(playlist, ids, { isNew = false } = {}) {
    const { added, entry_ids: entryIds, waits } = await this.playlists.add(playlist.id, { track_ids: ids });
    this.dialog.close();
    const what = added === 1 && this.name ? `“${this.name}”` : counted(added, "track");
    if (waits) return this.waits(waits, playlist, what);
    const undo = () => (isNew ? this.playlists.remove(playlist.id) : this.playlists.removeEntries(playlist.id, entryIds));
    const link = { label: gettext("Show it"), href: addressOf("playlists", playlist.id) };
    this.toasts.show(filled(isNew ? gettext("The playlist “%(name)s” was made with %(what)s.") : gettext("%(what)s added to “%(name)s”."), { what, name: playlist.name }), "success", undo, link);
  }

  // `waits`: the name of this addition in the PlaylistOutbox.
  waits(waits, { name }, what) {
    const text = filled(gettext("%(what)s will be in “%(name)s” as soon as the server answers."), { what, name });
    this.toasts.show(text, "success", () => this.playlists.outbox.drop(waits));
  }

  fail(error) {
    this.problem.textContent = filled(gettext("Nothing was added. %(why)s"), { why: error.message });
  }
}

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

// What a playlist has is not known while the server is away, unless it is kept offline.
const noneIfAway = (error) => {
  if (error instanceof Away) return [];
  throw error;
};

// The same promise for each call, unless it failed.
const once = (load) => {
  let loading = null;
  return () => {
    loading ??= Promise.resolve(load());
    loading.catch(() => (loading = null));
    return loading;
  };
};
