// A grid of tracks with selection, menus and a mark at the track that plays. What one row is made of is in
// track-cells.js.

import { showCover } from "./cover.js";
import { element, setIcon } from "./element.js";
import { listSettings } from "./list-settings.js";
import { showHeart, showStars, starsOfClick } from "./opinion-controls.js";
import { hearRowDrags } from "./row-moves.js";
import { Selection } from "./selection.js";
import { COVER_PX, endHeading, makeRow, showHeading, showTexts } from "./track-cells.js";
import { gettext } from "./translation.js";
import { date } from "./words.js";
import { WindowedList } from "./windowed-list.js";

const GLOW_MS = 1500;
const ROW_PX = { wide: [52, 40], touch: [56, 44] }; // comfortable and compact
const touches = matchMedia("(pointer: coarse), (max-width: 719px)");

const rowHeight = () => ROW_PX[touches.matches ? "touch" : "wide"][Number(listSettings.isCompact)];

// The id of the track in a row. A row of a playlist has an id of its own, since the playlist may have
// the track twice.
const idOfTrack = (row) => ("track_id" in row ? row.track_id : row.id);

export class TrackRows {
  albumArtist = null; // set on the page of an album

  // `source`: the rows, as the API lists tracks; a row with `heading` is a heading between tracks
  // (views/album-rows.js). `shownTitle` of a track is shown instead of its title.
  // `headings`: an element above the rows. `play(index)` and `menu(track, at)` are called for one
  // track, `playSeveral(indexes)` and `menuOfSeveral(indexes, at)` for several. `allIds()` returns
  // the ids of the whole list, for selected rows that are not loaded. `trackIdsAt(indexes)` returns
  // those of the tracks in these rows, if the rows have ids of their own. `hasColumns`: whether people
  // choose its columns (track-columns.js). `keys` and `start`: see Selection.
  constructor({ scroller, source, label, player, play, menu, menuOfSeveral, headings = null, isAlbum = false, ...more }) {
    const { playSeveral = (indexes) => this.playSeveral(indexes), trackIdsAt = (indexes) => this.idsAt(indexes), allIds = null, hasColumns = false, keys, start } = more;
    Object.assign(this, { source, player, isAlbum, allIds, trackIdsAt });
    this.glowing = new Map();
    const body = element("div", { class: "rows", role: "rowgroup" });
    this.grid = element(
      "div",
      { class: `grid tracks${isAlbum ? " of-album" : ""}`, id: `grid-${label.toLowerCase().replaceAll(" ", "-")}`, role: "grid", "aria-label": label, tabindex: "0" },
      headings && element("div", { class: "headings", role: "rowgroup", "data-sticky": true }, headings),
      body,
    );
    this.list = new WindowedList({
      scroller,
      body,
      source,
      make: () => makeRow(hasColumns),
      fill: (row, track, index, isSettled) => this.fill(row, track, index, isSettled),
      shape: () => ({ columns: 1, height: rowHeight() }),
    });
    const withTrack = (act) => (index, at) => source.row(index)?.id && act(index, at);
    const openMenuOfOne = withTrack((index, at) => menu(source.row(index), at, index));
    this.selection = new Selection({
      grid: this.grid,
      list: this.list,
      source,
      open: withTrack(play),
      openSeveral: playSeveral,
      menu: (indexes, at) => (indexes.length > 1 ? menuOfSeveral(indexes, at) : openMenuOfOne(indexes[0], at)),
      keys,
      start,
      presses: {
        favourite: (index) => player.opinionActs.toggleFavourite(this.thingsAt(index)),
        rate: (index, event) => this.rate(index, event),
      },
    });
    hearRowDrags(this);
    this.onPlayer = () => this.list.update();
    this.rowPx = rowHeight();
    this.onSettings = () => this.turnDense();
    listSettings.addEventListener("change", this.onSettings);
    player.addEventListener("track", this.onPlayer);
    player.addEventListener("playing", this.onPlayer);
    player.opinionActs.opinions.addEventListener("change", this.onPlayer);
  }

  end() {
    this.list.end();
    listSettings.removeEventListener("change", this.onSettings);
    this.player.removeEventListener("track", this.onPlayer);
    this.player.removeEventListener("playing", this.onPlayer);
    this.player.opinionActs.opinions.removeEventListener("change", this.onPlayer);
  }

  // Rows may be higher or lower now; the first one in sight stays the first.
  turnDense() {
    const { body, scroller } = this.list;
    const first = Math.floor((scroller.scrollTop - body.offsetTop) / this.rowPx);
    const isOther = this.rowPx !== rowHeight();
    this.rowPx = rowHeight();
    this.list.update();
    if (isOther && first > 0) this.list.scrollTo(first);
  }

  // The track in a row, as OpinionActs takes it.
  thingsAt(index) {
    const row = this.source.row(index);
    return { kind: "tracks", ids: [idOfTrack(row)], name: row.title };
  }

  rate(index, event) {
    const { opinionActs } = this.player;
    const stars = starsOfClick(event);
    if (stars) opinionActs.rate(this.thingsAt(index), stars);
    else opinionActs.openRating(() => this.thingsAt(index), event.target.closest("button"));
  }

  // The ids of the tracks in these rows.
  async idsAt(indexes) {
    const { chosen } = this.selection;
    const ids = indexes.map((index) => this.source.row(index)?.id ?? chosen.get(index) ?? null);
    if (!ids.includes(null)) return ids;
    const all = await this.allIds();
    return indexes.map((index) => all[index]).filter((id) => id !== undefined);
  }

  // The selected tracks, as AddToPlaylist takes them; null if there are none.
  get chosenTracks() {
    const { indexes } = this.selection;
    if (!indexes.length) return null;
    return { ids: () => this.trackIdsAt(indexes), name: indexes.length === 1 ? this.source.row(indexes[0])?.title : "" };
  }

  async playSeveral(indexes) {
    this.player.playAll(await this.idsAt(indexes));
  }

  // Highlight the visible tracks for which `isNew(track)` is true, for a moment.
  glow(isNew) {
    const { first, last } = this.list.inSight();
    const now = performance.now();
    for (let index = first; index <= last; index += 1) {
      const track = this.source.row(index);
      if (track && isNew(track)) this.glowing.set(track.id, now + GLOW_MS);
    }
    this.list.update();
    setTimeout(() => {
      this.glowing.clear();
      this.list.update();
    }, GLOW_MS);
  }

  fill(row, track, index, isSettled) {
    this.grid.setAttribute("aria-rowcount", (this.source.count ?? -this.selection.firstNumber) + this.selection.firstNumber - 1);
    this.selection.mark(row, index, track);
    const isHeading = track?.heading !== undefined;
    row.classList.toggle("is-heading", isHeading);
    row.classList.toggle("is-loading", !track);
    row.setAttribute("aria-busy", String(!track)); // its cells are hidden
    row.classList.toggle("is-work", Boolean(track?.isWork));
    if (!isHeading && row.shown?.heading !== undefined) endHeading(row.parts);
    if (isHeading) showHeading(row, track);
    else if (track) this.fillTrack(row, track, index, isSettled);
    else row.shown = null;
  }

  // Whether the track in a row is the one that plays.
  isCurrent(trackId) {
    return trackId !== null && trackId === this.player.trackId;
  }

  fillTrack(row, track, index, isSettled) {
    const trackId = idOfTrack(track);
    const isCurrent = this.isCurrent(trackId, index);
    row.classList.toggle("is-current", isCurrent);
    row.classList.toggle("is-new", this.glowing.has(track.id));
    row.classList.toggle("is-gone", Boolean(track.isGone));
    setIcon(row.parts.playIcon, isCurrent && this.player.isPlaying ? "volume" : "play");
    row.parts.state.textContent = isCurrent ? (this.player.isPlaying ? gettext("Playing: ") : gettext("Paused: ")) : "";
    this.showOpinions(row, trackId, track.title);
    const cover = { trackId, coverId: track.cover_id, name: track.album || track.title };
    if (!this.isAlbum) showCover(row.parts.cover, cover, COVER_PX, isSettled);
    if (row.shown === track) return;
    // The first date of a page takes some 30 ms, so the first rows are painted without theirs.
    row.shown = this.list.hasPainted ? track : null;
    row.parts.added.textContent = row.shown && track.added_at ? date(track.added_at) : "";
    // The heading of the album names its artist, so the rows need not.
    showTexts(row.parts, track, track.artist === this.albumArtist ? "" : track.artist);
  }

  // A track that the library does not have any more has no heart.
  showOpinions(row, trackId, title) {
    const { opinions } = this.player.opinionActs;
    const isFavourite = opinions.isFavourite("tracks", trackId);
    row.parts.heart.hidden = row.parts.stars.hidden = trackId === null;
    row.classList.toggle("is-favourite", isFavourite);
    showHeart(row.parts.heart, isFavourite, title);
    showStars(row.parts.stars, opinions.stars("tracks", trackId), title);
  }
}
