// Plays sound with two audio elements: one plays, the other loads the next track meanwhile, so that
// the gap between tracks is short, or none if they fade into each other.

import { streamUrl } from "./api.js";
import { Crossfade } from "./crossfade.js";

const PREFETCH_SECONDS = 20;
const HEARD_SECONDS = 0.2;
const SHORTEST_FADE_S = 0.1;

// Events: "time": position, duration or buffer changed. "state": it started, paused or waits for
// data. "ended": the track is over. "failed": it cannot be played. "nearend": time to load the next
// track. "crossing": time to go over to it, if it is to fade in; sent until that is done.
export class Playback extends EventTarget {
  trackId = null;
  crossfadeS = 0; // for how long one track fades into the next; 0: not at all
  factorOf = () => 1; // by how much a track, named by its id, is made louder
  loads = 0; // how many tracks were loaded

  constructor() {
    super();
    this.audio = this.makeAudio();
    this.other = this.makeAudio();
    this.prefetched = null;
    this.startAt = 0;
  }

  get position() {
    return this.audio.readyState ? this.audio.currentTime : this.startAt;
  }

  get duration() {
    return Number.isFinite(this.audio.duration) ? this.audio.duration : 0;
  }

  get isPlaying() {
    return !this.audio.paused && !this.audio.ended;
  }

  get isWaiting() {
    return this.isPlaying && this.audio.readyState < HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  // Whether this track sounds, not only since a moment ago.
  isHeard(trackId) {
    return trackId === this.trackId && this.position > this.startAt + HEARD_SECONDS;
  }

  // Whether the sound comes from what is kept offline.
  get isKept() {
    return this.audio.src.includes("?kept=");
  }

  // The loaded parts of the track: `[from, to]` in seconds.
  get buffered() {
    const { buffered } = this.audio;
    return Array.from({ length: buffered.length }, (_, part) => [buffered.start(part), buffered.end(part)]);
  }

  load(trackId, position = 0) {
    this.endFade();
    this.audio.pause();
    if (this.prefetched === trackId && !this.other.error) [this.audio, this.other] = [this.other, this.audio];
    else this.setSource(this.audio, trackId);
    this.empty(this.other);
    this.begun(trackId, position);
  }

  // Whether the track can begin at once: it was loaded in advance.
  isReady(trackId) {
    return this.prefetched === trackId && !this.other.error && this.other.readyState >= HTMLMediaElement.HAVE_FUTURE_DATA;
  }

  // Go over to a track that is ready, while the one that plays fades out in what is left of it.
  crossTo(trackId) {
    this.endFade();
    const rest = this.duration - this.audio.currentTime;
    const seconds = Math.max(SHORTEST_FADE_S, Math.min(rest, this.other.duration / 2 || rest)); // what comes may be short
    [this.audio, this.other] = [this.other, this.audio];
    this.crossfade = new Crossfade(this.other, this.audio, seconds, () => this.fadeOn());
    this.begun(trackId, 0);
    this.play();
  }

  fadeOn() {
    if (this.crossfade.isOver) this.endFade();
    else this.apply();
  }

  endFade() {
    if (!this.crossfade) return;
    const { leaving } = this.crossfade;
    this.crossfade.end();
    this.crossfade = null;
    this.empty(leaving);
    this.apply();
  }

  begun(trackId, position) {
    this.prefetched = null;
    this.trackId = trackId;
    this.loads += 1;
    this.startAt = position;
    this.hasToldNearEnd = false;
    if (this.audio.readyState && position) this.begin(this.audio);
    this.apply();
    this.tell("state");
  }

  // A browser may forbid sound before the first click on the page; then the track stays paused.
  async play() {
    if (this.audio.error) this.load(this.trackId, this.position);
    try {
      await this.audio.play();
    } catch (error) {
      if (error.name === "NotAllowedError") this.tell("state");
    }
  }

  pause() {
    this.endFade();
    this.audio.pause();
  }

  unload() {
    this.endFade();
    this.empty(this.audio);
    this.empty(this.other);
    this.trackId = null;
    this.startAt = 0;
    this.prefetched = null;
    this.tell("state");
  }

  seek(seconds) {
    this.endFade();
    const end = this.duration || seconds;
    this.startAt = Math.max(0, Math.min(seconds, end));
    if (this.audio.readyState) this.begin(this.audio);
    this.tell("time");
  }

  // Load the next track in advance; null: no track follows.
  prefetch(trackId) {
    if (this.prefetched === trackId) return;
    this.endFade();
    this.prefetched = trackId;
    if (trackId === null) this.empty(this.other);
    else this.setSource(this.other, trackId);
    this.apply();
  }

  setSource(audio, trackId) {
    audio.trackId = trackId;
    audio.src = streamUrl(trackId);
  }

  // Tracks have other ids now: `living` is a Map from the old ones. What sounds goes on: the server
  // answers the address with the old id as well.
  replaceIds(living) {
    this.trackId = living.get(this.trackId) ?? this.trackId;
    this.prefetched = living.get(this.prefetched) ?? this.prefetched;
  }

  // The next track may be another one now, so "nearend" must be sent again.
  reconsider() {
    this.hasToldNearEnd = false;
  }

  setVolume(level, isMuted) {
    this.volume = level;
    this.isMuted = isMuted;
    this.apply();
  }

  // The part of the volume that is heard, while the sleep timer fades out.
  setFade(part) {
    if (part === (this.fade ?? 1)) return;
    this.fade = part;
    this.apply();
  }

  apply() {
    for (const audio of [this.audio, this.other]) {
      const part = this.crossfade?.partOf(audio) ?? 1;
      audio.volume = Math.min(1, (this.volume ?? 1) * (this.fade ?? 1) * this.factorOf(audio.trackId) * part);
      audio.muted = this.isMuted ?? false;
    }
  }

  makeAudio() {
    const audio = new Audio();
    audio.preload = "auto";
    const listen = (type, react) => audio.addEventListener(type, () => audio === this.audio && react());
    listen("loadedmetadata", () => this.startAt && this.begin(audio));
    listen("timeupdate", () => this.timePassed());
    listen("ended", () => this.tell("ended"));
    listen("error", () => this.trackId !== null && this.tell("failed"));
    for (const type of ["play", "playing", "pause", "waiting", "canplay"]) listen(type, () => this.tell("state"));
    for (const type of ["progress", "durationchange", "seeked"]) listen(type, () => this.tell("time"));
    return audio;
  }

  begin(audio) {
    audio.currentTime = this.startAt;
  }

  timePassed() {
    this.tell("time");
    const rest = this.duration - this.audio.currentTime;
    if (this.duration && rest <= this.crossfadeS && this.isPlaying && !this.crossfade) {
      this.tell("crossing");
      if (this.crossfade) return; // `rest` was that of the track before
    }
    if (this.hasToldNearEnd || !this.duration || rest > PREFETCH_SECONDS) return;
    this.hasToldNearEnd = true;
    this.tell("nearend");
  }

  empty(audio) {
    audio.pause();
    audio.removeAttribute("src");
    audio.load();
  }

  tell(type) {
    this.dispatchEvent(new Event(type));
  }
}
