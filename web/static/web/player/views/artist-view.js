// The view of one artist with the albums.

import { get } from "../api.js";
import { element } from "../element.js";
import { addressOf } from "../router.js";
import { counted, length } from "../words.js";
import { showProblem } from "./list-place.js";
import { AlbumTiles } from "./tiles.js";

export class ArtistView {
  title = "Artist";

  constructor(page) {
    this.page = page;
    this.id = page.place.id;
    this.tiles = new AlbumTiles(page.scroller, { artist: this.id, sort: "-year" });
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
      showProblem(this.page, "artist", error);
    }
  }

  end() {
    this.hasEnded = true;
    this.tiles.end();
  }

  async refresh() {
    await this.load();
    await this.tiles.refresh();
  }

  async load() {
    const { body: artist } = await get(`artists/${this.id}`);
    if (this.hasEnded) return;
    this.page.setTitle(artist.name);
    const head = this.head(artist);
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

  head(artist) {
    const { player } = this.page;
    const ids = async () => (await get(`tracks/ids?artist=${this.id}&sort=album`)).body.ids;
    const disabled = !artist.track_count;
    const button = (label, act, kind = "") => element("button", { type: "button", class: kind, disabled, on: { click: act } }, label);
    const facts = [counted(artist.album_count, "album"), counted(artist.track_count, "track"), length(artist.duration_s)].join(" · ");
    return element(
      "header",
      { class: "artist-head" },
      element("h1", { dir: "auto" }, artist.name),
      element("p", { class: "count" }, facts),
      element(
        "div",
        { class: "actions" },
        button("Play", async () => player.playAll(await ids()), "primary"),
        button("Shuffle", async () => player.shuffleAll(await ids())),
        element("a", { class: "button", href: addressOf("tracks", null, { artist: this.id }) }, "All tracks"),
      ),
    );
  }
}
