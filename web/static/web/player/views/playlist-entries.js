// The entries of a playlist as a source of rows. The `id` of a row is that of the entry, since a
// playlist may have a track twice; `track_id` is that of its track, null if the library has it not.
// Smart playlists have no entries; they have each track once.

import { get } from "../api.js";
import { PagedRows } from "../sources.js";
import { gettext } from "../translation.js";

const PAGE = 100; // as in sources.js
const PORTION = 500;

// A smart playlist has each track once, and no entries: the track has to stand for its entry.
const rowOf = ({ entry_id: entryId, track, lost, is_missing: isMissing, is_away: isAway, added_at }) => {
  const id = entryId ?? track.id;
  return track
    ? { ...track, id, track_id: track.id, added_at, isGone: isMissing || isAway, note: isAway ? gettext("Not kept offline") : isMissing ? gettext("The file is missing") : "" }
    : { ...lost, title: lost?.title || lost?.path || gettext("A track that is gone"), id, track_id: null, added_at, isGone: true, note: gettext("Not in the library") };
};

export class PlaylistEntries extends PagedRows {
  version = null; // that of the playlist when rows were loaded last

  // `known`: the KnownTracks, which learn of the tracks.
  constructor(playlistId, known) {
    super(async (offset, limit, signal) => {
      const { body, at } = await get(`playlists/${playlistId}/entries?${new URLSearchParams({ offset, limit })}`, signal);
      known.put(body.results.map(({ track, is_missing: isGone }) => track && { ...track, isGone }));
      return { body: { count: body.count, version: body.version, results: body.results.map(rowOf) }, at };
    });
    this.playlistId = playlistId;
  }

  // The ids of all entries, in order.
  async allIds() {
    return (await get(`playlists/${this.playlistId}/entry-ids`)).body.ids;
  }

  take(answer) {
    this.version = answer.body.version;
    super.take(answer);
  }

  // The rows with these indexes, of which some may have to be loaded.
  async rowsAt(indexes) {
    const found = new Map();
    for (const index of indexes) {
      if (found.has(index)) continue;
      const row = this.row(index);
      if (row) found.set(index, row);
      else (await this.load(index, PORTION)).body.results.forEach((each, at) => found.set(index + at, each));
    }
    return indexes.map((index) => found.get(index)).filter(Boolean);
  }

  // Show a change before the server has made it.

  moveLocally(indexes, gap) {
    const moved = new Set(indexes);
    const order = Array.from({ length: this.count }, (_, index) => index).filter((index) => !moved.has(index));
    order.splice(gap - indexes.filter((index) => index < gap).length, 0, ...indexes);
    this.rearrange(order);
  }

  removeLocally(indexes) {
    const removed = new Set(indexes);
    this.rearrange(Array.from({ length: this.count }, (_, index) => index).filter((index) => !removed.has(index)));
  }

  // `order`: the old index of each row. Pages of which not all rows are known are loaded again.
  rearrange(order) {
    this.stop();
    const pages = new Map();
    for (let start = 0; start < order.length; start += PAGE) {
      const rows = order.slice(start, start + PAGE).map((index) => this.row(index));
      if (!rows.includes(undefined)) pages.set(start / PAGE, rows);
    }
    this.pages = pages;
    this.count = order.length;
    this.dispatchEvent(new Event("change"));
  }
}
