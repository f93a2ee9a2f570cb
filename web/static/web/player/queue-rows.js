// The rows of the queue: its entries as a source, and how those look that were played.

import { TrackRows } from "./track-rows.js";
import { gettext } from "./translation.js";

// The queue's entries as a source of rows. The tracks are loaded when their rows are in sight.
export class QueueRows extends EventTarget {
  constructor(queue, known) {
    super();
    Object.assign(this, { queue, known });
    queue.addEventListener("change", () => this.dispatchEvent(new Event("change")));
    known.addEventListener("change", () => this.dispatchEvent(new Event("change")));
  }

  get count() {
    return this.queue.length;
  }

  row(index) {
    const entry = this.queue.entries[index];
    const track = entry && this.known.get(entry.id);
    return track === null ? { id: entry.id, title: gettext("A track that is gone"), artist: "", album: "", isGone: true } : track;
  }

  want(first, last) {
    this.known.want(this.queue.entries.slice(first, last + 1).map(({ id }) => id));
  }
}

// Rows of tracks that were played are dimmed. Of a track that is there several times, one row plays.
export class QueueTrackRows extends TrackRows {
  isCurrent(trackId, index) {
    return index === this.player.queue.position && super.isCurrent(trackId);
  }

  fill(row, track, index, isSettled) {
    super.fill(row, track, index, isSettled);
    const isPlayed = index < this.player.queue.position;
    row.classList.toggle("is-played", isPlayed);
    if (isPlayed && track && !row.parts.state.textContent) row.parts.state.textContent = gettext("Played: ");
  }
}
