// The player of this tab: queue, sound and modes together. It knows nothing of other tabs.

import { contact, get, streamFacts } from "./api.js";
import { reasonOf } from "./failure-reason.js";
import { Playback } from "./playback.js";
import { PlayQueue } from "./play-queue.js";

const FAILURES_IN_A_ROW = 3;
const BACK_TO_START_SECONDS = 3;
const VOLUME_STEP = 0.05;
const REPEATS = ["none", "all", "one"];

// "track": another track is current. "playing": it began or paused. "time": position, length or
// what is buffered. "modes": volume, shuffle, repeat. "problem": a sentence in `detail`.
export class OwnPlayer extends EventTarget {
  queue = new PlayQueue();
  playback = new Playback();
  volume = 1;
  isMuted = false;
  repeat = "none";
  failures = 0;

  // `known` knows tracks by their ids.
  constructor(known) {
    super();
    this.known = known;
    const { playback } = this;
    playback.addEventListener("time", () => this.timePassed());
    playback.addEventListener("state", () => this.tell("playing"));
    playback.addEventListener("ended", () => this.trackEnded());
    playback.addEventListener("failed", () => this.trackFailed());
    playback.addEventListener("nearend", () => this.prefetch());
    this.queue.addEventListener("change", () => playback.reconsider());
    contact.addEventListener("back", () => this.contactIsBack());
    contact.addEventListener("loggedin", () => this.contactIsBack());
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

  // What plays, where and how, as other tabs show it.
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

  // Paused at `position`, with the modes given.
  restore({ trackId, position, ...modes }) {
    this.restoreModes(modes);
    if (trackId === null) return;
    if (this.queue.currentId !== trackId) this.findInQueue(trackId);
    const { isOver } = this.queue;
    this.load(trackId, position);
    this.isUnheard = true;
    this.queue.setOver(isOver);
  }

  // A queue as it was kept, with the track and the position of then. With `goesOn` the track that
  // plays now is not interrupted, if the kept queue has it too.
  bringBack({ queue, trackId, position, isPlaying }, goesOn = false) {
    const { trackId: playing } = this;
    this.queue.restore(queue);
    this.modesChanged();
    if (goesOn && this.queue.entries.some(({ id }) => id === playing)) {
      if (this.queue.currentId !== playing) this.findInQueue(playing);
      this.tell("track");
      return;
    }
    this.failures = 0;
    if (trackId === null) this.loadFirst();
    else this.restore({ ...this.state, isShuffled: this.isShuffled, trackId, position });
    if (isPlaying) this.playback.play();
  }

  playAll(ids, start = 0) {
    this.queue.replace(ids, start);
    this.failures = 0;
    this.startCurrent();
  }

  // The queue is the one track that was asked for first, perhaps with tracks that were added since:
  // have it among `ids`, where it is number `start`.
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

  addNext(ids) {
    this.queue.playNext(ids);
    this.loadFirst();
  }

  addLast(ids) {
    this.queue.append(ids);
    this.loadFirst();
  }

  moveInQueue(from, to) {
    this.queue.move(from, to);
  }

  removeFromQueue(index) {
    if (!this.queue.remove(index)) return;
    if (this.queue.length) this.startCurrent(this.isPlaying);
    else this.unload();
  }

  moveAllInQueue(indexes, gap) {
    this.queue.moveAll(indexes, gap);
  }

  removeAllFromQueue(indexes) {
    if (!this.queue.removeAll(indexes)) return;
    if (this.queue.length) this.startCurrent(this.isPlaying);
    else this.unload();
  }

  clearQueue() {
    this.queue.clear();
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.resume();
  }

  // After the end of the queue it goes on with what was added since, else from the beginning.
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

  // Early in a track the one before it, later its beginning; with `isTrackMeant` always the one before.
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
    this.known.want([trackId]);
    this.tell("track");
    this.tell("time");
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

  prefetch() {
    this.playback.prefetch(this.repeat === "one" ? null : this.queue.upcomingId(this.repeat === "all"));
  }

  trackEnded() {
    this.failures = 0;
    if (this.repeat === "one") {
      this.playback.seek(0);
      this.playback.play();
    } else if (this.queue.advance(this.repeat === "all")) {
      this.startCurrent();
    } else {
      this.playback.seek(0);
      this.pause();
      this.queue.setOver(true);
    }
  }

  // Where the server is away, it waits for it. Else the track is named and passed over, but the
  // third one in a row ends it.
  async trackFailed() {
    const { trackId } = this;
    const said = this.playback.audio.error?.message ?? "";
    const { status, type } = await streamFacts(trackId);
    if (trackId !== this.trackId) return;
    this.isStalled = status === 0 || status === 401;
    if (this.isStalled) return;
    // Nobody has asked for sound since the page was loaded: the track is tried again when somebody does.
    if (this.isUnheard && !this.isPlaying) return;
    const [codec] = await Promise.all([codecOf(trackId), this.known.want([trackId])]);
    if (trackId !== this.trackId) return;
    const { isPlaying } = this;
    this.failures += 1;
    const isEnough = this.failures >= FAILURES_IN_A_ROW;
    const goesOn = !isEnough && this.queue.length > 1 && this.queue.advance(this.repeat !== "none");
    const then = isEnough ? " That is three in a row: stopped." : goesOn ? " Skipped." : "";
    const track = this.known.get(trackId);
    const reason = reasonOf({ status, type, codec, said });
    const detail = `Could not play “${track?.title ?? "A track that is gone"}” (${reason}).${then}`;
    this.dispatchEvent(new CustomEvent("problem", { detail }));
    if (goesOn) this.startCurrent(isPlaying);
    else this.pause();
  }

  contactIsBack() {
    if (this.isStalled && this.isPlaying) this.playback.play();
    this.isStalled = false;
  }

  timePassed() {
    if (this.playback.position > 1) this.failures = 0;
    this.tell("time");
  }

  modesChanged() {
    this.playback.setVolume(this.volume, this.isMuted);
    this.tell("modes");
  }

  findInQueue(trackId) {
    const index = this.queue.entries.findIndex(({ id }) => id === trackId);
    if (index >= 0) this.queue.jump(index);
    else this.queue.visit(trackId);
  }

  tell(type) {
    this.dispatchEvent(new Event(type));
  }
}

// "" where the API does not say.
const codecOf = async (trackId) => {
  try {
    return (await get(`tracks/${trackId}`)).body.codec;
  } catch {
    return "";
  }
};
