// The view of one artist, genre, composer, label or year, with the albums.

import { get } from "../api.js";
import { makeCover, showCover } from "../cover.js";
import { element, unbroken } from "../element.js";
import { opinionsOf } from "../opinion-controls.js";
import { addressOf } from "../router.js";
import { counted, length } from "../words.js";
import { KINDS } from "./kinds.js";
import { isGone, showProblem } from "./list-place.js";
import { AlbumTiles } from "./tiles.js";

const PICTURE_PX = 176;

export class GroupView {
  constructor(page) {
    this.page = page;
    this.view = page.place.view;
    this.kind = KINDS[this.view];
    this.title = this.kind.title;
    this.id = page.place.id;
    this.filter = { [this.kind.filter]: this.id };
    this.tiles = this.makeTiles(page.scroller);
    this.none = element("p", { class: "count", hidden: true }, "None of these tracks is on an album.");
    this.tiles.source.addEventListener("change", () => this.shown());
  }

  makeTiles(scroller) {
    return new AlbumTiles(scroller, { ...this.filter, sort: "-year" });
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

  get hasFailed() {
    return !this.shownHead || this.list.source.error !== null;
  }

  concerns(changes) {
    return changes.has("track", "album", "artist");
  }

  // If its last track has gone, that is told. After other errors, what is shown stays.
  async refresh() {
    try {
      await this.load();
    } catch (error) {
      if (isGone(error)) this.failed(error);
      throw error;
    }
    await this.tiles.refresh?.();
  }

  failed(error) {
    if (this.hasEnded) return;
    this.shownHead = null; // it is shown anew if a later refresh finds it again
    showProblem(this.page, this.kind.noun, error);
  }

  async load() {
    const { body: group } = await get(`${this.view}/${this.id}`);
    if (!this.hasEnded) this.show(group);
  }

  show(group) {
    this.page.setTitle(group.name);
    const head = this.head(group);
    if (this.shownHead) this.shownHead.replaceWith(head);
    else this.page.container.replaceChildren(head, this.tiles.body, this.none);
    this.shownHead = head;
    if (this.kind.isPerson) showPicture(head.querySelector(".cover"), group);
    this.list.update();
    this.shown();
  }

  // Restore the scroll position when both head and albums are loaded: only then is the page long
  // enough.
  shown() {
    this.none.hidden = this.tiles.source.count !== 0;
    if (this.shownHead && this.tiles.source.count !== null) this.page.loaded();
  }

  head(group) {
    const { player } = this.page;
    const ids = async () => (await get(`tracks/ids?${new URLSearchParams({ ...this.filter, sort: "album" })}`)).body.ids;
    const disabled = !group.track_count;
    const button = (label, act, kind = "") => element("button", { type: "button", class: kind, disabled, on: { click: act } }, label);
    const counts = [group.album_count && counted(group.album_count, "album"), counted(group.track_count, "track")];
    const facts = unbroken([...counts, group.duration_s && length(group.duration_s)]);
    return element(
      "header",
      { class: "artist-head" },
      this.kind.isPerson ? makeCover(PICTURE_PX) : null,
      element("div", {}, element("h1", { dir: "auto" }, group.name), element("p", { class: "count" }, ...facts)),
      element(
        "div",
        { class: "actions" },
        button("Play", async () => player.playAll(await ids()), "primary"),
        button("Shuffle", async () => player.shuffleAll(await ids())),
        button("Add to a playlist…", () => this.page.addTo.open({ ids, name: group.name })),
        element("a", { class: "button", href: addressOf("tracks", null, this.filter) }, "All tracks"),
        this.kind.isPerson ? opinionsOf("artists", group.id, group.name) : null,
      ),
    );
  }
}

const showPicture = (picture, { id, cover_id: coverId, name }) =>
  showCover(picture, { artistId: id, coverId, name }, picture.clientWidth || PICTURE_PX);
