// The view of one album: cover, title, artist, and the tracks by disc.

import { get } from "../api.js";
import { makeCover, showCover } from "../cover.js";
import { element } from "../element.js";
import { addressOf } from "../router.js";
import { Rows } from "../sources.js";
import { TrackRows } from "../track-rows.js";
import { albumArtist, albumTitle, counted, length } from "../words.js";
import { isGone, showProblem } from "./list-place.js";

const COVER_PX = 240;
const PORTION = 500;

export class AlbumView {
  title = "Album";

  constructor(page) {
    this.page = page;
    this.id = page.place.id;
    this.source = new Rows();
    this.rows = new TrackRows({
      scroller: page.scroller,
      source: this.source,
      label: "Tracks",
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
    try {
      await this.load();
    } catch (error) {
      this.failed(error);
    }
    this.page.loaded();
  }

  end() {
    this.hasEnded = true;
    this.rows.end();
  }

  // If it has gone, that is told. After other errors, what is shown stays.
  async refresh() {
    try {
      await this.load();
    } catch (error) {
      if (isGone(error)) this.failed(error);
      throw error;
    }
    const places = new Map(this.source.rows.map(({ id }, index) => [id, index]));
    this.rows.selection.follow((id) => places.get(id));
  }

  failed(error) {
    if (this.hasEnded) return;
    this.shownHead = null; // it is shown anew if a later refresh finds it again
    showProblem(this.page, "album", error);
  }

  async load() {
    const [{ body: album, at }, tracks] = await Promise.all([get(`albums/${this.id}`), this.loadTracks()]);
    if (this.hasEnded) return;
    this.source.rows = withHeadings(tracks, album.disc_titles);
    this.rows.albumArtist = album.album_artist;
    this.rows.grid.classList.toggle("has-artists", tracks.some(({ artist }) => artist !== album.album_artist));
    this.page.player.known.put(tracks);
    this.page.setTitle(albumTitle(album.title));
    const head = this.head(album, tracks);
    if (this.shownHead) this.shownHead.replaceWith(head);
    else this.page.container.replaceChildren(head, this.rows.grid);
    this.shownHead = head;
    this.source.set(this.source.rows);
    const { loadedAt } = this;
    if (loadedAt) this.rows.glow((row) => Date.parse(row.added_at) > loadedAt);
    this.loadedAt = at;
  }

  async loadTracks() {
    const found = [];
    let count = 1;
    while (found.length < count) {
      const { body } = await get(`tracks?album=${this.id}&sort=album&limit=${PORTION}&offset=${found.length}`);
      found.push(...body.results);
      count = body.results.length ? body.count : 0;
    }
    return found;
  }

  play(index) {
    const { id } = this.source.row(index);
    const ids = this.tracks.map((track) => track.id);
    this.page.player.playAll(ids, ids.indexOf(id));
  }

  head(album, tracks) {
    const cover = makeCover(COVER_PX);
    showCover(cover, { trackId: album.cover_track_id, coverId: album.cover_id, name: albumTitle(album.title) }, "original");
    const artist = albumArtist(album.album_artist);
    const facts = [yearsOf(album), counted(album.track_count, "track"), length(album.duration_s)].filter(Boolean).join(" · ");
    const ids = () => this.tracks.map((track) => track.id);
    const { player } = this.page;
    const disabled = !tracks.length;
    const button = (label, act, kind = "") => element("button", { type: "button", class: kind, disabled, on: { click: act } }, label);
    return element(
      "header",
      { class: "album-head" },
      cover,
      element(
        "div",
        {},
        element("h1", { dir: "auto" }, albumTitle(album.title)),
        element("p", { class: "by", dir: "auto" }, this.artistLink(artist, tracks)),
        element("p", { class: "count" }, facts),
      ),
      element(
        "div",
        { class: "actions" },
        button("Play", () => player.playAll(ids()), "primary"),
        button("Shuffle", () => player.shuffleAll(ids())),
        button("Play next", () => player.addNext(ids(), albumTitle(album.title))),
        button("Add to the queue", () => player.addLast(ids(), albumTitle(album.title))),
      ),
    );
  }

  artistLink(name, tracks) {
    const find = async (event) => {
      event.preventDefault();
      const { body } = await get(`tracks/${tracks[0].id}`);
      const artist = body.album_artist_ids[0] ?? body.artist_ids[0];
      if (artist) this.page.router.go(addressOf("artists", artist));
    };
    return tracks.length ? element("a", { href: addressOf("albums", null, { q: name }), on: { click: find } }, name) : name;
  }
}

// "1973 (2011)": of the original release, and of this one.
const yearsOf = ({ year, first_year: first }) => (first && year && first !== year ? `${first} (${year})` : first ?? year);

// The rows with a heading before each disc, if there are several discs or one has a title.
const withHeadings = (tracks, titles) => {
  const discs = new Set(tracks.map((track) => track.disc_number ?? 1));
  if (discs.size < 2 && !Object.keys(titles).length) return tracks;
  let last = null;
  return tracks.flatMap((track) => {
    const disc = track.disc_number ?? 1;
    const rows = disc === last ? [track] : [{ heading: titles[disc] ? `Disc ${disc}: ${titles[disc]}` : `Disc ${disc}` }, track];
    last = disc;
    return rows;
  });
};
