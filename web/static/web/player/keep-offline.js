// What users do to keep an album, a playlist or a track offline: the button, the entry of menus, and
// the question that says before what it takes.

import { element } from "./element.js";
import { keyOf } from "./keeper.js";
import { contentsOf } from "./kept-downloads.js";
import { keptIndex } from "./kept-index.js";
import { openDialog } from "./name-dialog.js";
import { sizeInWords, stateInWords, tracksInWords } from "./offline-words.js";
import { addressOf } from "./router.js";
import { filled, gettext } from "./translation.js";

export class KeepOffline {
  constructor(keeper, toasts) {
    Object.assign(this, { keeper, toasts });
    keeper.addEventListener("kept", ({ detail }) => toasts.show(filled(gettext("“%(name)s” is kept offline."), detail), "success"));
    keeper.addEventListener("problem", ({ detail }) => toasts.show(detail, "warning", null, { label: gettext("What is kept"), href: addressOf("offline") }));
    keeper.addEventListener("lost", ({ detail }) => this.lost(detail));
  }

  // As long as it is not known, this is taken for granted: nearly all browsers can, and nothing jumps then.
  get canKeep() {
    return Boolean(navigator.serviceWorker) && this.keeper.isUsable !== false;
  }

  // `thing`: `{ kind, id, name }`. Nothing where the browser cannot keep anything.
  entry(thing) {
    if (!this.canKeep) return null;
    const isKept = keptIndex.sets.has(keyOf(thing.kind, thing.id));
    return isKept
      ? { label: gettext("Keep offline no more"), run: () => this.remove(thing) }
      : { label: gettext("Keep offline…"), run: () => this.ask(thing) };
  }

  // A button that says how far it is, for the head of a page.
  button(thing) {
    const key = keyOf(thing.kind, thing.id);
    const press = () => (keptIndex.sets.has(key) ? this.remove(thing) : this.ask(thing));
    const button = element("button", { type: "button", class: "keep-offline", on: { click: press } });
    const show = () => {
      if (button.wasShown && !button.isConnected) return this.keeper.removeEventListener("change", show);
      button.wasShown ||= button.isConnected;
      this.showOn(button, keptIndex.sets.get(key));
    };
    this.keeper.addEventListener("change", show);
    this.keeper.ready.then(show);
    show();
    return button;
  }

  showOn(button, set) {
    button.hidden = !this.canKeep;
    const { have, total } = set ? this.keeper.stateOf(set) : {};
    const isWhole = set && have === total;
    button.classList.toggle("is-kept", Boolean(set));
    button.title = set ? gettext("Keep it offline no more") : gettext("Keep it in this browser, to play it without the server");
    if (!set) button.textContent = gettext("Keep offline");
    else if (isWhole) button.textContent = gettext("Kept offline");
    else button.textContent = filled(gettext("Keeping: %(have)s of %(total)s"), { have, total });
  }

  // Say what it takes, and ask.
  async ask(thing) {
    const note = element("p", { role: "status" }, gettext("Asking how large it is…"));
    const place = element("p", { class: "count" });
    const keep = element("button", { type: "button", class: "primary", disabled: true }, gettext("Keep offline"));
    const cancel = element("button", { type: "button", on: { click: () => dialog.close() } }, gettext("Cancel"));
    const dialog = openDialog(filled(gettext("Keep “%(name)s” offline"), thing), element("div", { class: "keep-question" }, note, place), element("div", { class: "actions" }, keep, cancel));
    try {
      const contents = await contentsOf(thing.kind, thing.id);
      const { bytes, room } = await this.keeper.measure(contents.trackIds);
      const values = { tracks: tracksInWords(new Set(contents.trackIds).size), size: sizeInWords(bytes), kept: sizeInWords(keptIndex.bytes), bound: sizeInWords(this.keeper.bound), room: sizeInWords(room) };
      note.textContent = filled(gettext("%(tracks)s. It takes %(size)s of this browser's storage."), values);
      place.textContent = bytes > room ? filled(gettext("There is room for %(room)s only. Remove something first, or allow more on the page “Offline”."), values) : filled(gettext("Kept so far: %(kept)s of %(bound)s. Logging out removes it."), values);
      keep.disabled = bytes > room || !contents.trackIds.length;
      keep.addEventListener("click", () => {
        dialog.close();
        this.keeper.add({ kind: thing.kind, id: thing.id, ...contents });
      });
      if (!keep.disabled) keep.focus();
    } catch (error) {
      note.textContent = error.message;
    }
  }

  async remove({ kind, id, name }) {
    const set = keptIndex.sets.get(keyOf(kind, id));
    await this.keeper.remove(set.key);
    this.toasts.show(filled(gettext("“%(name)s” is not kept offline any more."), { name }), "success", () => this.keeper.add(set));
  }

  // The browser has removed what was kept.
  lost({ count, sets }) {
    const again = async () => {
      for (const { kind, id } of sets) await this.keeper.add({ kind, id, ...(await contentsOf(kind, id)) });
    };
    const text = gettext("The browser has removed %(tracks)s that were kept offline: its disk was full, or its data was cleared.");
    this.toasts.show(filled(text, { tracks: tracksInWords(count) }), "warning", sets.length ? again : null, null, gettext("Load them again"));
  }

  // For the page "Offline" and the line that says that the server is away.
  words(set) {
    return stateInWords(this.keeper.stateOf(set), this.keeper.loading.obstacle);
  }
}
