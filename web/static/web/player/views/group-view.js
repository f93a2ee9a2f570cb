// The view of one artist, genre, composer, label or year, with the albums.

import { get } from "../api.js";
import { element } from "../element.js";
import { addressOf } from "../router.js";
import { counted, length } from "../words.js";
import { KINDS } from "./kinds.js";
import { isGone, showProblem } from "./list-place.js";
import { AlbumTiles } from "./tiles.js";

export class GroupView {
  constructor(page) {
    this.page = page;
    this.view = page.place.view;
    this.kind = KINDS[this.view];
    this.title = this.kind.title;
    this.id = page.place.id;
    this.filter = { [this.kind.filter]: this.id };
    this.tiles = new AlbumTiles(page.scroller, { ...this.filter, sort: "-year" });
    this.tiles.source.addEventListener("change", () => this.shown());
  }

  get keys() {
    return this.tiles.keys;
  }

  get list() {
    return this.tiles.list;
  }

  async begin() {
    try {
      await this.load();
    } catch (error) {
      this.failed(error);
    }
  }

  end() {
    this.hasEnded = true;
    this.tiles.end();
  }

  // If its last track has gone, that is told. After other errors, what is shown stays.
  async refresh() {
    try {
      await this.load();
    } catch (error) {
      if (isGone(error)) this.failed(error);
      throw error;
    }
    await this.tiles.refresh();
  }

  failed(error) {
    if (this.hasEnded) return;
    this.shownHead = null; // it is shown anew if a later refresh finds it again
    showProblem(this.page, this.kind.noun, error);
  }

  async load() {
    const { body: group } = await get(`${this.view}/${this.id}`);
    if (this.hasEnded) return;
    this.page.setTitle(group.name);
    const head = this.head(group);
    if (this.shownHead) this.shownHead.replaceWith(head);
    else this.page.container.replaceChildren(head, this.tiles.body);
    this.shownHead = head;
    this.list.update();
    this.shown();
  }

  // Restore the scroll position when both head and albums are loaded: only then is the page long
  // enough.
  shown() {
    if (this.shownHead && this.tiles.source.count !== null) this.page.loaded();
  }

  head(group) {
    const { player } = this.page;
    const ids = async () => (await get(`tracks/ids?${new URLSearchParams({ ...this.filter, sort: "album" })}`)).body.ids;
    const disabled = !group.track_count;
    const button = (label, act, kind = "") => element("button", { type: "button", class: kind, disabled, on: { click: act } }, label);
    const counts = [counted(group.album_count, "album"), counted(group.track_count, "track")];
    const facts = [...counts, group.duration_s && length(group.duration_s)].filter(Boolean).join(" · ");
    return element(
      "header",
      { class: "artist-head" },
      element("h1", { dir: "auto" }, group.name),
      element("p", { class: "count" }, facts),
      element(
        "div",
        { class: "actions" },
        button("Play", async () => player.playAll(await ids()), "primary"),
        button("Shuffle", async () => player.shuffleAll(await ids())),
        element("a", { class: "button", href: addressOf("tracks", null, this.filter) }, "All tracks"),
      ),
    );
  }
}
