// Sound: two audio elements, one that plays and one that fetches the next track meanwhile, so that
// the gap between them is as short as the browser allows.

import { streamUrl } from "./api.js";

const PREFETCH_SECONDS = 20;

// "time" is told as it plays, "state" when it begins, pauses or waits, "ended" at the end of a
// track, "failed" when it cannot be played, "nearend" when the next one should be fetched.
export class Playback extends EventTarget {
  trackId = null;

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

  // Parts that are here already: `[from, to]` in seconds.
  get buffered() {
    const { buffered } = this.audio;
    return Array.from({ length: buffered.length }, (_, part) => [buffered.start(part), buffered.end(part)]);
  }

  load(trackId, position = 0) {
    this.audio.pause();
    if (this.prefetched === trackId && !this.other.error) [this.audio, this.other] = [this.other, this.audio];
    else this.audio.src = streamUrl(trackId);
    this.empty(this.other);
    this.prefetched = null;
    this.trackId = trackId;
    this.startAt = position;
    this.hasToldNearEnd = false;
    if (this.audio.readyState && position) this.begin(this.audio);
    this.apply();
    this.tell("state");
  }

  // The browser may refuse before the first click on the page: then it stays paused.
  async play() {
    if (this.audio.error) this.load(this.trackId, this.position);
    try {
      await this.audio.play();
    } catch (error) {
      if (error.name === "NotAllowedError") this.tell("state");
    }
  }

  pause() {
    this.audio.pause();
  }

  unload() {
    this.empty(this.audio);
    this.empty(this.other);
    this.trackId = null;
    this.startAt = 0;
    this.prefetched = null;
    this.tell("state");
  }

  seek(seconds) {
    const end = this.duration || seconds;
    this.startAt = Math.max(0, Math.min(seconds, end));
    if (this.audio.readyState) this.begin(this.audio);
    this.tell("time");
  }

  // Fetch what comes next; null: nothing does.
  prefetch(trackId) {
    if (this.prefetched === trackId) return;
    this.prefetched = trackId;
    if (trackId === null) this.empty(this.other);
    else this.other.src = streamUrl(trackId);
  }

  // Something else may come next now: "nearend" is told again.
  reconsider() {
    this.hasToldNearEnd = false;
  }

  setVolume(level, isMuted) {
    this.volume = level;
    this.isMuted = isMuted;
    this.apply();
  }

  apply() {
    for (const audio of [this.audio, this.other]) {
      audio.volume = this.volume ?? 1;
      audio.muted = this.isMuted ?? false;
    }
  }

  makeAudio() {
    const audio = new Audio();
    audio.preload = "auto";
    const listen = (type, told) => audio.addEventListener(type, () => audio === this.audio && told());
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
