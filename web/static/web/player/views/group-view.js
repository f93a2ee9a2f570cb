// The view of one artist, genre, composer, label, year or decade: tracks, artists and the albums.

import { get } from "../api.js";
import { makeCover, showCover } from "../cover.js";
import { element, unbroken } from "../element.js";
import { opinionsOf } from "../opinion-controls.js";
import { addressOf } from "../router.js";
import { gettext } from "../translation.js";
import { counted, length } from "../words.js";
import { GroupMore } from "./group-more.js";
import { headMenu } from "./head-menu.js";
import { filterOf, KINDS } from "./kinds.js";
import { ThingView } from "./thing-view.js";
import { AlbumTiles } from "./tiles.js";

const PICTURE_PX = 176;

export class GroupView extends ThingView {
  constructor(page) {
    super();
    this.page = page;
    this.view = page.place.view;
    this.kind = KINDS[this.view];
    this.title = this.kind.title;
    this.noun = this.kind.noun;
    this.id = page.place.id;
    this.filter = filterOf(this.view, this.id);
    this.more = new GroupMore(page, { id: this.id, filter: this.filter, isArtist: this.view === "artists" });
    this.tiles = this.makeTiles(page.scroller);
    this.none = element("p", { class: "count", hidden: true }, gettext("None of these tracks is on an album."));
    this.tiles.source.addEventListener("change", () => this.shown());
  }

  makeTiles(scroller) {
    return new AlbumTiles(scroller, { ...this.filter, sort: "-year" });
  }

  // Keys that are pressed outside of any list move through the albums; without albums, through tracks.
  get keys() {
    return this.tiles.source.count === 0 ? this.rows.selection : this.tiles.keys;
  }

  get rows() {
    return this.more.rows;
  }

  get list() {
    return this.tiles.list;
  }

  end() {
    this.hasEnded = true;
    this.more.end();
    this.tiles.end();
  }

  get hasFailed() {
    return super.hasFailed || this.list.source.error !== null;
  }

  concerns(changes) {
    return changes.has("track", "album", "artist");
  }

  async refresh() {
    await super.refresh();
    await this.tiles.refresh?.();
  }

  // The user heard a track: others may be the most played now.
  async heard() {
    const { shownGroup } = this;
    if (!shownGroup) return;
    const more = await this.more.fetch(shownGroup);
    if (this.hasEnded) return;
    this.more.show(more);
    this.tiles.nameSections?.(this.more.isEmpty);
    this.list.update();
  }

  async load() {
    const loading = this.fetchGroup();
    const [group, more] = await Promise.all([loading, this.more.fetch(loading)]);
    if (!this.hasEnded) this.show(group, more);
  }

  async fetchGroup() {
    const { body } = await get(`${this.view}/${this.id}`);
    return body;
  }

  show(group, more) {
    this.page.setTitle(group.name);
    const head = this.head(group);
    if (this.shownHead) this.shownHead.replaceWith(head);
    else this.page.container.replaceChildren(head, ...this.parts());
    this.shownHead = head;
    this.shownGroup = group;
    if (this.view === "artists") this.rows.albumArtist = group.name; // rows need not name the artist
    this.more.show(more);
    if (this.kind.isPerson) showPicture(head.querySelector(".cover"), group);
    this.list.update();
    this.shown();
  }

  // Restore the scroll position when both head and albums are loaded: only then is the page long
  // enough.
  shown() {
    this.none.hidden = this.tiles.source.count !== 0;
    if (this.heading) this.heading.hidden = !this.none.hidden;
    if (this.shownHead && this.tiles.source.count !== null) this.page.loaded();
  }

  // The albums may be many, so that what stands below them would hardly be found.
  parts() {
    this.heading = element("h2", {}, gettext("Albums"));
    return [this.more.tracks, this.more.artists, element("section", { class: "section" }, this.heading, this.tiles.body, this.none)];
  }

  head(group) {
    const { player } = this.page;
    const ids = async () => (await get(`tracks/ids?${new URLSearchParams({ ...this.filter, sort: "album" })}`)).body.ids;
    const [allTracks, tracks] = [gettext("All tracks"), addressOf("tracks", null, this.filter)];
    const disabled = !group.track_count;
    const button = (label, act, kind = "") => element("button", { type: "button", class: kind, disabled, on: { click: act } }, label);
    const counts = [group.album_count && counted(group.album_count, "album"), counted(group.track_count, "track")];
    const facts = unbroken([...counts, group.duration_s && length(group.duration_s)]);
    return element(
      "header",
      { class: "artist-head" },
      this.kind.isPerson ? makeCover(PICTURE_PX) : null,
      element("div", {}, element("h1", { dir: "auto", translate: "no" }, group.name), element("p", { class: "count" }, ...facts)),
      element(
        "div",
        { class: "actions" },
        button(gettext("Play"), async () => player.playAll(await ids()), "primary"),
        button(gettext("Shuffle"), async () => player.shuffleAll(await ids())),
        button(gettext("Add to a playlist…"), () => this.page.addTo.open({ ids, name: group.name }), "not-on-phone"),
        element("a", { class: "button not-on-phone", href: tracks }, allTracks),
        this.kind.isPerson ? opinionsOf("artists", group.id, group.name) : null,
        headMenu(this.page, { kind: this.kind.isPerson ? "artists" : null, id: group.id, name: group.name }, ids, () => [{ label: allTracks, href: tracks }]),
      ),
    );
  }
}

const showPicture = (picture, { id, cover_id: coverId, name }) =>
  showCover(picture, { artistId: id, coverId, name }, picture.clientWidth || PICTURE_PX);
