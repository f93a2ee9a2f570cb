// The view of what is kept offline in this browser: how much it takes, what it is, and how to remove it.

import { contact } from "../api.js";
import { makeCover, showCover } from "../cover.js";
import { element, iconButton, tagText } from "../element.js";
import { keptIndex } from "../kept-index.js";
import { BOUNDS } from "../kept-room.js";
import { sizeInWords, tracksInWords } from "../offline-words.js";
import { addressOf } from "../router.js";
import { filled, gettext } from "../translation.js";
import { message } from "./states.js";

const COVER_PX = 48;
const KINDS = { albums: gettext("Album"), playlists: gettext("Playlist"), tracks: gettext("Track"), queue: gettext("The next half hour of the queue") };

export class OfflineView {
  title = gettext("Offline");

  constructor(page) {
    Object.assign(this, { page, keeper: page.keepOffline.keeper });
    this.total = element("p", { class: "count", role: "status" });
    this.bar = element("progress", { max: 1, "aria-label": gettext("Used of what may be kept") });
    this.storage = element("p", { class: "hint" });
    this.problem = element("p", { class: "notice warning", role: "status", hidden: true });
    this.bound = element("select", { id: "offline-bound", on: { change: () => (this.keeper.bound = Number(this.bound.value)) } });
    this.bound.append(...BOUNDS.map((each) => element("option", { value: each, selected: each === this.keeper.bound }, sizeInWords(each))));
    this.all = element("button", { type: "button", on: { click: () => this.removeAll() } }, gettext("Remove everything"));
    this.body = element("div", {});
    this.onChange = () => this.show();
  }

  async begin() {
    const bound = element("div", { class: "field" }, element("label", { for: "offline-bound" }, gettext("Keep at most")), this.bound);
    this.page.container.replaceChildren(
      element("div", { class: "heading" }, element("h1", {}, this.title), this.total),
      element("section", { class: "offline-room", "aria-label": gettext("Storage") }, this.bar, element("div", { class: "offline-bound" }, bound, this.all), this.storage, this.problem),
      this.body,
    );
    this.keeper.addEventListener("change", this.onChange);
    for (const type of ["away", "back"]) contact.addEventListener(type, this.onChange);
    await this.keeper.ready;
    this.isPersistent = await navigator.storage?.persisted?.().catch(() => false);
    this.show();
    this.page.loaded();
  }

  end() {
    this.keeper.removeEventListener("change", this.onChange);
    for (const type of ["away", "back"]) contact.removeEventListener(type, this.onChange);
  }

  async show() {
    const { keeper } = this;
    const { bytes } = keptIndex;
    const values = { tracks: tracksInWords(keptIndex.tracks.size), size: sizeInWords(bytes), bound: sizeInWords(keeper.bound) };
    this.total.textContent = filled(gettext("%(tracks)s, %(size)s of %(bound)s"), values);
    this.bar.value = Math.min(1, bytes / keeper.bound);
    this.all.disabled = !keptIndex.sets.size;
    this.problem.textContent = this.problemInWords();
    this.problem.hidden = !this.problem.textContent;
    this.showSets();
    const estimate = await keeper.estimate();
    const free = estimate?.quota ? filled(gettext("The browser lets this page use %(size)s more."), { size: sizeInWords(Math.max(0, estimate.quota - estimate.usage)) }) : "";
    const persistent = this.isPersistent || keeper.isPersistent ? gettext("It does not remove anything by itself.") : gettext("It may remove everything if the disk gets full.");
    this.storage.textContent = [free, persistent, gettext("Logging out removes what is kept.")].filter(Boolean).join(" ");
  }

  problemInWords() {
    const { keeper } = this;
    if (!keeper.isUsable) return gettext("This browser stores nothing for this page, for instance since its window is private.");
    if (!navigator.serviceWorker) return gettext("This browser keeps music only for pages that are loaded by https.");
    if (contact.isAway && keeper.loading.missing.length) return gettext("The server does not answer. Loading goes on by itself when it does.");
    return keeper.loading.obstacle;
  }

  showSets() {
    const focused = document.activeElement?.closest?.(".kept-row button")?.getAttribute("aria-label");
    const sets = [...keptIndex.sets.values()].sort((one, other) => (one.kind === "queue") - (other.kind === "queue") || one.name.localeCompare(other.name));
    this.body.replaceChildren(sets.length ? element("ul", { class: "kept-rows" }, ...sets.map((set) => this.row(set))) : nothingYet());
    if (focused) (this.body.querySelector(`[aria-label="${CSS.escape(focused)}"]`) ?? this.all).focus();
  }

  row(set) {
    const { kind, id, trackIds, key } = set;
    const name = set.name || KINDS[kind];
    const track = trackIds.map((each) => keptIndex.tracks.get(each)?.row).find((row) => row?.cover_id);
    const cover = makeCover(COVER_PX);
    showCover(cover, { trackId: track?.id, coverId: track?.cover_id, name }, COVER_PX);
    const address = kind === "albums" || kind === "playlists" ? addressOf(kind, id) : null;
    const title = address ? element("a", { href: address, dir: "auto", translate: "no", class: "text" }, name) : tagText("text", name);
    const { have, failed, total } = this.keeper.stateOf(set);
    const label = have + failed < total ? filled(gettext("Cancel keeping %(name)s"), { name }) : filled(gettext("Remove %(name)s"), { name });
    const current = this.keeper.loading.progress;
    const part = current && trackIds.includes(current.id) ? current.bytes / (current.size || 1) : 0;
    return element(
      "li",
      { class: "kept-row" },
      cover,
      element("div", { class: "names" }, title, element("span", { class: "facts" }, [set.name && KINDS[kind], this.page.keepOffline.words(set)].filter(Boolean).join(" · ")), have + failed < total ? element("progress", { max: total, value: have + part, "aria-label": name }) : null),
      failed ? element("button", { type: "button", class: "small", on: { click: () => this.keeper.tryAgain() } }, gettext("Try again")) : null,
      iconButton("close", label, () => this.remove(set, key)),
    );
  }

  remove(set, key) {
    return set.kind === "queue" ? this.keeper.remove(key) : this.page.keepOffline.remove(set);
  }

  async removeAll() {
    const sets = [...keptIndex.sets.values()];
    for (const { key } of sets) await this.keeper.remove(key);
    const undo = async () => {
      for (const set of sets) await this.keeper.put(set);
    };
    this.page.toasts.show(gettext("Nothing is kept offline any more."), "success", undo);
  }
}

const nothingYet = () =>
  message(gettext("Nothing is kept yet"), [
    element("p", {}, gettext("Choose “Keep offline” on the page of an album or a playlist, or in the menu of a track. It plays then without the server, for instance on a journey.")),
    element("a", { class: "button", href: addressOf("albums") }, gettext("All albums")),
  ]);
