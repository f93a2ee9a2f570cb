// What users do with the entries of a playlist on its page: they play, move and remove them, also by keys.

import { contact } from "../api.js";
import { keyOf } from "../key-of.js";
import { gapOfKey, placeAfterMove, selectMoved } from "../row-moves.js";
import { filled, gettext } from "../translation.js";
import { counted } from "../words.js";

const isPlayable = (row) => row.track_id !== null && !row.isGone;

export class EntryActs {
  // `view`: the PlaylistView.
  constructor(view) {
    this.view = view;
  }

  // Play this row and what follows; what comes before it can be reached by "Previous".
  async play(index) {
    const { source, page, playlists, player, id } = this.view;
    const row = source.row(index);
    if (!isPlayable(row)) {
      page.toasts.show(filled(row.track_id === null ? gettext("“%(title)s” cannot be played: it is not in the library.") : gettext("“%(title)s” cannot be played: its file is missing."), row), "warning");
      return;
    }
    const ids = await playlists.trackIds(id);
    player.playAll(ids, placeAmong(ids, row.track_id, index, source.count));
  }

  async playSeveral(indexes) {
    this.view.player.playAll(await this.trackIdsAt(indexes));
  }

  async trackIdsAt(indexes) {
    const { source, playlists, id } = this.view;
    const isAll = indexes.length === source.count;
    if (isAll) return playlists.trackIds(id);
    return (await source.rowsAt(indexes)).filter(isPlayable).map((row) => row.track_id);
  }

  // Others may change the playlist meanwhile, so that it is not known what would be moved.
  get isHeldUp() {
    if (contact.isAway) this.view.page.toasts.show(gettext("Without the server, tracks can be added to a playlist, but not moved or removed."), "warning");
    return contact.isAway;
  }

  async move(indexes, gap) {
    if (this.isHeldUp) return;
    const { rows, edits } = this.view;
    const ids = await rows.idsAt(indexes);
    edits.move(indexes, gap, ids);
    const to = placeAfterMove(indexes, gap);
    const { selection } = rows;
    selectMoved(selection, to, indexes.length);
    ids.forEach((id, at) => selection.chosen.set(to + at, id)); // the rows there may not be loaded
  }

  async remove(indexes) {
    if (this.isHeldUp) return;
    const { rows, edits, source } = this.view;
    const ids = await rows.idsAt(indexes);
    edits.remove(indexes, ids, source.row(indexes[0])?.title ?? counted(1, "track"));
    rows.selection.set(Math.min(indexes[0], source.count - 1));
  }

  // Returns whether the key means something here.
  press(event) {
    const { rows, edits, source, canEdit } = this.view;
    const { indexes } = rows.selection;
    if ((event.ctrlKey || event.metaKey) && keyOf(event) === "z") return edits.undo();
    if (!indexes.length || !canEdit) return false;
    if (event.key === "Delete" || event.key === "Backspace") {
      this.remove(indexes);
      return true;
    }
    const gap = gapOfKey(event, indexes);
    if (gap === null) return false;
    if (gap >= 0 && gap <= source.count) this.move(indexes, gap);
    return true;
  }
}

// Where the entry with this index is among the ids of those that can be played. A track may be there
// twice, and entries that cannot be played are left out.
const placeAmong = (ids, trackId, index, count) => {
  const earliest = index - (count - ids.length);
  for (let at = Math.min(index, ids.length - 1); at >= Math.max(0, earliest); at -= 1) if (ids[at] === trackId) return at;
  return Math.max(0, ids.indexOf(trackId));
};
