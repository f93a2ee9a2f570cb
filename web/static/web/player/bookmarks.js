// The user's bookmarks. Tracks of twenty minutes and more go on where they were left: while one of
// them plays in this tab, its position is kept on the server.

import { get, send } from "./api.js";
import { filled, gettext } from "./translation.js";
import { clockFromZero } from "./words.js";

const AUTOMATIC_FROM_S = 20 * 60;
const EVERY_S = 10;
const START_S = 15; // hardly begun: nothing worth keeping
const END_S = 15;
const END_PART = 0.01;

// Event "change": bookmarks were loaded or changed; `all` has them, those that changed last first.
export class Bookmarks extends EventTarget {
  all = null;
  error = null;

  // `player`: the page's Player. `toasts`: where it is said that a track goes on.
  constructor(player, toasts) {
    super();
    Object.assign(this, { player, toasts, own: player.own, keptAt: 0, isPlaying: false });
    const { own } = this;
    own.addEventListener("track", () => this.trackChanged());
    own.addEventListener("playing", () => this.playingChanged());
    own.addEventListener("time", () => own.isPlaying && this.timePassed());
    addEventListener("pagehide", () => this.isPlaying && this.keep());
  }

  in(trackId) {
    return this.all?.find(({ track }) => track?.id === trackId) ?? null;
  }

  async load() {
    try {
      const { body } = await get("bookmarks");
      this.all = body.results;
      this.error = null;
    } catch (error) {
      this.error = error;
    }
    this.dispatchEvent(new Event("change"));
  }

  // Set one by hand.
  async setHere(trackId, position, title) {
    await send("PUT", `bookmarks/${trackId}`, { position_s: Math.round(position * 10) / 10 });
    this.toasts.show(filled(gettext("Bookmark in “%(title)s” at %(time)s."), { title, time: clockFromZero(position) }), "success", () => this.remove(trackId));
    await this.load();
  }

  async remove(trackId) {
    await send("DELETE", `bookmarks/${trackId}`);
    await this.load();
  }

  // Play the track from the bookmark on.
  async playFrom({ track, position_s: position }) {
    this.isChosen = true;
    await this.player.playAll([track.id]);
    this.isChosen = false;
    this.player.seek(position);
  }

  trackChanged() {
    const { trackId, playback } = this.own;
    if (playback.loads === this.loads) return; // it was joined with another one
    this.loads = playback.loads;
    this.keptAt = playback.startAt;
    if (trackId === null || playback.startAt > 0 || this.own.isUnheard || this.isChosen) return;
    const bookmark = this.in(trackId);
    if (!bookmark || !isLong(bookmark.track) || isNearEnd(bookmark)) return;
    this.goOn(trackId, bookmark.position_s);
  }

  goOn(trackId, position) {
    this.own.seek(position);
    this.keptAt = position;
    const startOver = () => {
      if (this.own.trackId !== trackId) return;
      this.own.seek(0);
      this.keptAt = 0;
      if (this.in(trackId)?.is_by_hand === false) this.remove(trackId).catch(() => null);
    };
    this.toasts.show(filled(gettext("Continues at %(time)s."), { time: clockFromZero(position) }), "info", startOver, null, gettext("Start over"));
  }

  playingChanged() {
    const wasPlaying = this.isPlaying;
    this.isPlaying = this.own.isPlaying;
    if (wasPlaying && !this.isPlaying) this.keep();
  }

  timePassed() {
    if (Math.abs(this.own.playback.position - this.keptAt) >= EVERY_S) this.keep();
  }

  // Keep the position, if the track is long. Without an answer the next time comes soon.
  async keep() {
    const { trackId, playback } = this.own;
    const { position } = playback;
    const isOver = playback.audio.ended;
    const track = this.own.known.get(trackId);
    if (trackId === null || !isLong(track) || (position < START_S && !isOver) || position === this.keptAt) return;
    this.keptAt = position;
    try {
      const body = { position_s: isOver ? track.duration_s : Math.round(position * 10) / 10, is_by_hand: false };
      this.took(trackId, await send("PUT", `bookmarks/${trackId}`, body));
    } catch {
      // The server is away, or the track is gone.
    }
  }

  // `bookmark`: the row of this track now; null if it has none any more.
  took(trackId, bookmark) {
    if (!this.all) return;
    this.all = [bookmark, ...this.all.filter(({ track }) => track?.id !== trackId)].filter(Boolean);
    this.dispatchEvent(new Event("change"));
  }
}

const isLong = (track) => (track?.duration_s ?? 0) >= AUTOMATIC_FROM_S;

const isNearEnd = ({ position_s: position, track }) =>
  position >= track.duration_s - Math.max(END_S, track.duration_s * END_PART);
