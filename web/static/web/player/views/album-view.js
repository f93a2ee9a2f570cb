// The view of one album: what is known about it, the tracks by disc and work, and other editions.

import { get, getAll } from "../api.js";
import { element } from "../element.js";
import { opinionsOf } from "../opinion-controls.js";
import { shareButton, shareEntry } from "../share-entry.js";
import { Rows } from "../sources.js";
import { TrackRows } from "../track-rows.js";
import { gettext } from "../translation.js";
import { albumTitle } from "../words.js";
import { albumHead, showCoverOf } from "./album-head.js";
import { rowsOf } from "./album-rows.js";
import { nameOfEdition, yearAndNote } from "./album-words.js";
import { headMenu } from "./head-menu.js";
import { ThingView } from "./thing-view.js";
import { tileList } from "./tiles.js";

export class AlbumView extends ThingView {
  title = gettext("Album");
  noun = "album";

  constructor(page) {
    super();
    this.page = page;
    this.id = page.place.id;
    this.source = new Rows();
    this.rows = new TrackRows({
      scroller: page.scroller,
      source: this.source,
      label: gettext("Tracks"),
      player: page.player,
      play: (index) => this.play(index),
      menu: (track, at) => page.openMenu(track, at),
      menuOfSeveral: (indexes, at) => page.openMenuOfSeveral(indexes.length, () => this.rows.idsAt(indexes), at),
      isAlbum: true,
    });
  }

  get list() {
    return this.rows.list;
  }

  get keys() {
    return this.rows.selection;
  }

  get tracks() {
    return this.source.rows.filter((row) => row.id);
  }

  async begin() {
    await super.begin();
    this.page.loaded();
  }

  end() {
    this.hasEnded = true;
    this.rows.end();
  }

  concerns(changes) {
    const { album } = this;
    const isOurs = ({ album_id: albumId }) => albumId === album.id;
    return (
      changes.touches("album", [this.id, album.id, ...album.editions.map(({ id }) => id)]) ||
      changes.touches("track", this.tracks.map(({ id }) => id)) ||
      [...changes.rows.track.values()].some(isOurs)
    );
  }

  async refresh() {
    await super.refresh();
    const places = new Map(this.source.rows.map(({ id }, index) => [id, index]));
    this.rows.selection.follow((id) => places.get(id));
  }

  async load() {
    const [{ body: album, at }, tracks] = await Promise.all([
      get(`albums/${this.id}`),
      getAll("tracks", { album: this.id, sort: "album" }),
    ]);
    if (this.hasEnded) return;
    this.album = album;
    this.source.rows = rowsOf(tracks, album.disc_titles);
    this.rows.albumArtist = album.album_artist;
    this.rows.grid.classList.toggle("has-artists", tracks.some(({ artist }) => artist !== album.album_artist));
    this.page.player.known.put(tracks);
    this.page.setTitle(albumTitle(album.title));
    this.show(album, tracks);
    this.source.set(this.source.rows);
    const { loadedAt } = this;
    if (loadedAt) this.rows.glow((row) => Date.parse(row.added_at) > loadedAt);
    this.loadedAt = at;
  }

  show(album, tracks) {
    const head = albumHead(album, this.actions(album, tracks));
    const others = editions(album);
    if (this.shownHead) {
      this.shownHead.replaceWith(head);
      this.shownOthers.replaceWith(others);
    } else this.page.container.replaceChildren(head, this.rows.grid, others);
    this.shownHead = head;
    this.shownOthers = others;
    showCoverOf(head, album);
  }

  play(index) {
    const { id } = this.source.row(index);
    const ids = this.tracks.map((track) => track.id);
    this.page.player.playAll(ids, ids.indexOf(id));
  }

  actions(album, tracks) {
    const { player } = this.page;
    const title = albumTitle(album.title);
    const ids = () => this.tracks.map((track) => track.id);
    const button = (label, act, kind = "not-on-phone") =>
      element("button", { type: "button", class: kind, disabled: !tracks.length, on: { click: act } }, label);
    const thing = { kind: "albums", id: album.id, name: title };
    const shared = () => ({ album_ids: [album.id] });
    const more = () => [tracks.length && shareEntry(shared, title), this.page.keepOffline.entry(thing)];
    return [
      button(gettext("Play"), () => player.playAll(ids()), "primary"),
      button(gettext("Shuffle"), () => player.shuffleAll(ids()), ""),
      button(gettext("Play next"), () => player.addNext(ids(), title)),
      button(gettext("Add to the queue"), () => player.addLast(ids(), title)),
      button(gettext("Add to a playlist…"), () => this.page.addTo.open({ ids, name: title })),
      ...[tracks.length && shareButton(shared, title)].filter(Boolean),
      this.page.keepOffline.button(thing),
      opinionsOf("albums", album.id, title),
      headMenu(this.page, thing, ids, more),
    ];
  }
}

// The same album in other releases.
const editions = ({ editions: albums }) =>
  element(
    "section",
    { class: "editions", hidden: !albums.length },
    element("h2", { id: "editions" }, gettext("Other editions")),
    tileList(albums, gettext("Other editions"), (album) => yearAndNote(album.year ?? album.first_year, nameOfEdition(album))),
  );
