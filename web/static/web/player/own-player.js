// The player of this tab: joins queue, sound and modes. It knows nothing of other tabs.

import { canSetVolume } from "./crossfade.js";
import { Gains } from "./loudness.js";
import { Playback } from "./playback.js";
import { PlayQueue } from "./play-queue.js";
import { QueueCommands } from "./queue-commands.js";
import { TrackEnd } from "./track-end.js";
import { TrackFailures } from "./track-failures.js";

const BACK_TO_START_SECONDS = 3;
const VOLUME_STEP = 0.05;
const REPEATS = ["none", "all", "one"];

// Events: "track": another track is current. "playing": it started or paused. "time": position,
// duration or buffer changed. "modes": volume, shuffle or repeat changed. "problem": a track could
// not be played; `detail` is a sentence for people.
export class OwnPlayer extends EventTarget {
  queue = new PlayQueue();
  playback = new Playback();
  queueCommands = new QueueCommands(this);
  trackEnd = new TrackEnd(this);
  trackFailures = new TrackFailures(this);
  volume = 1;
  isMuted = false;
  repeat = "none";
  failures = 0; // in a row
  pausesAtEnd = () => false; // set by the sleep timer: a track has ended, and whether to pause then
  willPause = () => false; // set by the sleep timer: whether to pause when this track ends
  gains = new Gains("off");

  // `known`: the KnownTracks of the page.
  constructor(known) {
    super();
    this.known = known;
    const { playback } = this;
    playback.addEventListener("time", () => this.timePassed());
    playback.addEventListener("state", () => this.tell("playing"));
    playback.addEventListener("failed", () => this.trackFailures.meet());
    playback.factorOf = (id) => this.gains.of(id);
    this.queue.addEventListener("change", () => playback.reconsider());
  }

  // `loudness`: see Gains. `crossfadeS`: see Playback.
  setSound({ loudness, crossfadeS }) {
    const isAsItIs = loudness === "off" && !crossfadeS;
    if (isAsItIs || !canSetVolume()) return;
    this.gains = new Gains(loudness);
    this.playback.crossfadeS = crossfadeS;
  }

  // Do the command of this name; see COMMANDS of Player.
  run(name, args) {
    const doer = name in this.queueCommands ? this.queueCommands : this;
    doer[name](...args);
  }

  get trackId() {
    return this.playback.trackId;
  }

  get isPlaying() {
    return this.playback.isPlaying;
  }

  get isShuffled() {
    return this.queue.isShuffled;
  }

  // The state that other tabs show.
  get state() {
    const { trackId, isPlaying, volume, isMuted, repeat, isShuffled } = this;
    const { position, duration } = this.playback;
    return { trackId, isPlaying, position, duration, volume, isMuted, repeat, isShuffled };
  }

  restoreModes({ volume, isMuted, repeat, isShuffled }) {
    Object.assign(this, { volume, isMuted, repeat });
    this.queue.setShuffled(isShuffled);
    this.modesChanged();
  }

  playAll(ids, start = 0) {
    this.queue.replace(ids, start);
    this.failures = 0;
    this.startCurrent();
  }

  // The queue holds one track, followed by tracks that were added since. Put this track into the
  // list `ids`, in which it is number `start`, and keep the added ones after it.
  putAmong(ids, start) {
    const added = this.queue.entries.slice(1).map(({ id }) => id);
    this.queue.replace(ids, start);
    if (added.length) this.queue.playNext(added);
  }

  jump(index) {
    this.queue.jump(index);
    this.failures = 0;
    this.startCurrent();
  }

  // Tracks were joined with others: `living` is a Map from their ids to those of the others.
  replaceIds(living) {
    const isCurrent = living.has(this.trackId);
    this.playback.replaceIds(living);
    this.queue.replaceIds(living);
    if (!isCurrent) return;
    this.known.want([this.trackId]);
    this.tell("track");
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.resume();
  }

  // At the end of the queue, go on with tracks that were added since, else from the beginning.
  resume() {
    if (this.queue.isOver && this.queue.advance(true)) this.load(this.queue.currentId);
    if (this.trackId === null && this.queue.currentId !== null) this.load(this.queue.currentId);
    if (this.trackId !== null) this.playback.play();
  }

  pause() {
    this.playback.pause();
  }

  next() {
    this.failures = 0;
    const wasPlaying = this.isPlaying;
    if (this.queue.advance(this.repeat !== "none")) this.startCurrent(wasPlaying);
  }

  // Go to the previous track in the first seconds of a track, later to the beginning of this track.
  // With `isTrackMeant` always go to the previous track.
  previous(isTrackMeant = false) {
    const wasPlaying = this.isPlaying;
    const isEarly = this.playback.position <= BACK_TO_START_SECONDS;
    this.failures = 0;
    if ((isEarly || isTrackMeant) && this.queue.retreat(this.repeat !== "none")) this.startCurrent(wasPlaying);
    else this.seek(0);
  }

  seek(seconds) {
    this.queue.setOver(false);
    this.playback.seek(seconds);
    this.tell("playing");
  }

  setVolume(level) {
    this.volume = Math.round(Math.min(1, Math.max(0, level)) * 100) / 100;
    this.isMuted = false;
    this.modesChanged();
  }

  stepVolume(steps) {
    this.setVolume(this.volume + steps * VOLUME_STEP);
  }

  toggleMute() {
    this.isMuted = !this.isMuted;
    this.modesChanged();
  }

  toggleShuffle() {
    this.setShuffle(!this.isShuffled);
  }

  setShuffle(isShuffled) {
    this.queue.setShuffled(isShuffled);
    this.modesChanged();
  }

  cycleRepeat() {
    this.repeat = REPEATS[(REPEATS.indexOf(this.repeat) + 1) % REPEATS.length];
    this.playback.reconsider();
    this.modesChanged();
  }

  load(trackId, position = 0) {
    this.isStalled = false;
    this.isUnheard = false;
    this.queue.setOver(false);
    this.playback.load(trackId, position);
    this.loaded(trackId);
  }

  loaded(trackId) {
    this.known.want([trackId]);
    this.wantGains(trackId, this.trackEnd.nextId);
    this.tell("track");
    this.tell("time");
  }

  wantGains(...ids) {
    const { playback } = this;
    this.gains.want(ids, (id) => playback.isHeard(id), () => playback.apply());
  }

  startCurrent(isPlayed = true) {
    this.load(this.queue.currentId);
    if (isPlayed) this.playback.play();
  }

  loadFirst() {
    if (this.trackId === null && this.queue.currentId !== null) this.load(this.queue.currentId);
  }

  unload() {
    this.playback.unload();
    this.tell("track");
    this.tell("time");
  }

  timePassed() {
    if (this.playback.position > 1) this.failures = 0;
    this.tell("time");
  }

  modesChanged() {
    this.playback.setVolume(this.volume, this.isMuted);
    this.tell("modes");
  }

  tell(type) {
    this.dispatchEvent(new Event(type));
  }
}
