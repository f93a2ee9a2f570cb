// What the page of an artist, genre, composer, label, year or decade shows beside the albums: tracks, those
// first that the user heard most, and artists.

import { get } from "../api.js";
import { element } from "../element.js";
import { addressOf } from "../router.js";
import { Rows } from "../sources.js";
import { TrackRows } from "../track-rows.js";
import { gettext } from "../translation.js";
import { artistStrip } from "./artist-strip.js";

const MOST_TRACKS = 5;
const MOST_ARTISTS = 12;

export class GroupMore {
  source = new Rows();

  // `filter`: that of the lists for this group. `isArtist`: whether it is an artist, of whom similar ones
  // are shown.
  constructor(page, { id, filter, isArtist }) {
    Object.assign(this, { page, id, filter, isArtist });
    this.rows = new TrackRows({
      scroller: page.scroller,
      source: this.source,
      label: gettext("Tracks"),
      player: page.player,
      play: (index) => page.player.playAll(this.ids, index),
      menu: (track, at) => page.openMenu(track, at),
      menuOfSeveral: (indexes, at) => page.openMenuOfSeveral(indexes.length, () => this.rows.idsAt(indexes), at),
    });
    this.heading = element("h2");
    this.tracks = element("section", { class: "section", hidden: true }, this.heading, this.rows.grid);
    this.artists = element("div");
  }

  get ids() {
    return this.source.rows.map(({ id }) => id);
  }

  // `group`: a promise of it. What cannot be loaded is left out.
  async fetch(group) {
    const [played, artists] = await Promise.all([this.tracksBy({ sort: "-plays", played: true }), this.fetchArtists()]);
    const isPlain = !played.length && (!this.isArtist || !(await group).album_count);
    return { artists, isPlain, tracks: isPlain ? await this.tracksBy({ sort: "album" }) : played };
  }

  tracksBy(more) {
    return rowsOf("tracks", { ...this.filter, ...more, own: true, limit: MOST_TRACKS });
  }

  fetchArtists() {
    if (this.isArtist) return rowsOf(`artists/${this.id}/similar`, { limit: MOST_ARTISTS });
    return rowsOf("artists", { ...this.filter, sort: "-plays", limit: MOST_ARTISTS });
  }

  show({ tracks, artists, isPlain }) {
    this.isEmpty = !tracks.length && !artists.length;
    this.heading.textContent = isPlain ? gettext("Tracks") : gettext("Most played");
    this.tracks.hidden = !tracks.length;
    const places = new Map(tracks.map(({ id }, index) => [id, index]));
    this.page.player.known.put(tracks);
    this.source.set(tracks);
    this.rows.grid.classList.toggle("is-of-one-artist", tracks.every(({ artist }) => artist === this.rows.albumArtist));
    this.rows.selection.follow((id) => places.get(id));
    this.showArtists(artists);
  }

  // They stay as they are while they are the same, since one of them may have the focus.
  showArtists(artists) {
    const shown = JSON.stringify(artists);
    if (this.shown === shown) return;
    this.shown = shown;
    const words = this.isArtist
      ? { label: gettext("Similar artists") }
      : { label: gettext("Artists"), all: addressOf("artists", null, this.filter), allLabel: gettext("All artists") };
    this.artists.replaceChildren(artistStrip(artists, words));
  }

  end() {
    this.rows.end();
  }
}

const rowsOf = async (path, parameters) => {
  try {
    return (await get(`${path}?${new URLSearchParams(parameters)}`)).body.results;
  } catch {
    return [];
  }
};
