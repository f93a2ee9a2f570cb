// The sleep timer pauses what plays: after a time, fading out, or when a track or an album ends. It is
// stored in the browser, so that it outlives a reload and all tabs know of it; the tab that plays obeys.

import { storageName } from "./addresses.js";
import { read, write } from "./storage.js";

const FADE_MS = 10_000;
const LOOK_MS = 1000;
const LONGEST_MS = 12 * 60 * 60 * 1000; // one that was forgotten pauses nothing the next day

// A timer is `{ kind: "time", endsAt }`, with `endsAt` in milliseconds, `{ kind: "tracks", left }`, which
// counts tracks that played to their end, or `{ kind: "album" }`. Events: "change": the timer or the time
// left. "over": it has paused what played here. "left": another device plays, and it was ended.
export class SleepTimer extends EventTarget {
  timer = null;

  constructor(player, radio, user) {
    super();
    Object.assign(this, { player, radio, key: storageName(`mus-sleep-${user}`) });
    player.own.pausesAtEnd = () => this.trackEnds();
    player.own.willPause = () => this.isDue;
    player.own.addEventListener("time", () => this.look()); // browsers slow down clocks of hidden tabs
    player.addEventListener("track", () => this.wantNext());
    player.own.queue.addEventListener("change", () => this.wantNext());
    player.addEventListener("playing", () => this.leaveIfRemote());
    setInterval(() => this.look(), LOOK_MS);
    addEventListener("storage", ({ key }) => key === this.key && this.take(read(this.key)));
    this.take(read(this.key));
  }

  // Milliseconds left; null if it does not end at a time.
  get msLeft() {
    return this.timer?.kind === "time" ? Math.max(0, this.timer.endsAt - Date.now()) : null;
  }

  setMinutes(minutes) {
    this.set({ kind: "time", endsAt: Date.now() + minutes * 60_000 });
  }

  addMinutes(minutes) {
    this.set({ kind: "time", endsAt: this.timer.endsAt + minutes * 60_000 });
  }

  set(timer) {
    const kept = timer && { setAt: Date.now(), ...timer };
    write(this.key, kept);
    this.take(kept);
  }

  take(timer) {
    const isStale = timer && Date.now() - timer.setAt > LONGEST_MS;
    this.timer = isStale ? null : timer;
    this.player.own.playback.setFade(1);
    this.wantNext();
    this.look();
    this.dispatchEvent(new Event("change"));
  }

  // Another tab that plays looks for itself.
  look() {
    const { msLeft, player } = this;
    if (msLeft === null) return;
    if (msLeft === 0 && !player.mirror) this.timeIsUp();
    else if (player.own.isPlaying) player.own.playback.setFade(Math.min(1, msLeft / FADE_MS));
    const seconds = Math.ceil(msLeft / 1000);
    if (seconds === this.toldSeconds) return;
    this.toldSeconds = seconds;
    this.dispatchEvent(new Event("change"));
  }

  timeIsUp() {
    const { player } = this;
    const wasPlaying = player.isPlaying;
    if (wasPlaying) player.pause();
    if (this.radio.station) this.radio.stop();
    this.finish(wasPlaying);
  }

  // A track has played to its end. Returns whether to pause now.
  trackEnds() {
    const { timer } = this;
    if (this.isDue) {
      this.finish(true);
      return true;
    }
    if (timer?.kind === "tracks") this.set({ ...timer, left: timer.left - 1 });
    return false;
  }

  // Whether it pauses when this track ends.
  get isDue() {
    const { timer } = this;
    return timer?.kind === "tracks" ? timer.left <= 1 : timer?.kind === "album" && this.isEndOfAlbum();
  }

  // Only the device that plays knows when a track ends.
  leaveIfRemote() {
    if (!this.timer || this.timer.kind === "time" || !this.player.isRemote) return;
    this.set(null);
    this.dispatchEvent(new Event("left"));
  }

  finish(hasPaused) {
    this.set(null);
    if (hasPaused) this.dispatchEvent(new Event("over"));
  }

  isEndOfAlbum() {
    const { own, known } = this.player;
    const albumOf = (id) => known.get(id)?.album_id ?? null;
    const album = albumOf(own.trackId);
    return album === null || own.repeat === "one" || albumOf(this.nextId()) !== album;
  }

  // A queue that is repeated ends the album where it begins again.
  nextId() {
    return this.player.own.queue.upcomingId(false);
  }

  // The album of the next track has to be known when this one ends.
  wantNext() {
    const next = this.timer?.kind === "album" ? this.nextId() : null;
    if (next !== null) this.player.known.want([next]);
  }
}
