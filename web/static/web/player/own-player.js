// The player of this tab: joins queue, sound and modes. It knows nothing of other tabs.

import { canSetVolume } from "./crossfade.js";
import { Gains } from "./loudness.js";
import { Playback } from "./playback.js";
import { PlayQueue } from "./play-queue.js";
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
    playback.addEventListener("ended", () => this.trackEnded());
    playback.addEventListener("failed", () => this.trackFailures.meet());
    playback.addEventListener("nearend", () => this.prefetch());
    playback.addEventListener("crossing", () => this.cross());
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

  // Load the track paused at `position`, with the given modes.
  restore({ trackId, position, ...modes }) {
    this.restoreModes(modes);
    if (trackId === null) return;
    if (this.queue.currentId !== trackId) this.findInQueue(trackId);
    const { isOver } = this.queue;
    this.load(trackId, position);
    this.isUnheard = true;
    this.queue.setOver(isOver);
  }

  // Restore a kept queue with its track and position. With `goesOn` the track that plays now is not
  // interrupted, if the kept queue has it too.
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
    if (trackId === null && !this.queue.length) this.unload();
    else if (trackId === null) this.loadFirst();
    else this.restore({ ...this.state, isShuffled: this.isShuffled, trackId, position });
    if (isPlaying) this.playback.play();
  }

  // Take over the queue as another browser left it; see PlayQueue.restore. What plays here goes on,
  // unless it was removed from the queue: then the next track does.
  takeQueue(saved) {
    const { trackId, queue } = this;
    const followingId = queue.entries[queue.position + 1]?.id;
    queue.restore(saved);
    this.modesChanged();
    if (queue.currentId === trackId) return;
    const index = queue.nearest(trackId);
    if (index >= 0) queue.standAt(index);
    else if (followingId !== undefined && queue.currentId === followingId) this.startCurrent();
    else queue.visit(trackId);
  }

  // Nothing plays here: show what another browser played last.
  standWhere({ trackId, position, ...modes }) {
    this.restoreModes(modes);
    if (trackId === null) this.unload();
    else if (trackId !== this.trackId) this.restore({ ...modes, trackId, position });
    else if (Math.abs(position - this.playback.position) > 1) this.playback.seek(position);
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

  addNext(ids) {
    this.queue.playNext(ids);
    this.loadFirst();
  }

  addLast(ids) {
    this.queue.append(ids);
    this.loadFirst();
  }

  insertInQueue(ids, at) {
    this.queue.insertAt(ids, at);
    this.loadFirst();
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
    this.wantGain(trackId);
    this.tell("track");
    this.tell("time");
  }

  async wantGain(trackId) {
    await this.gains.want([trackId]);
    this.playback.apply();
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

  get nextId() {
    return this.repeat === "one" ? null : this.queue.upcomingId(this.repeat === "all");
  }

  prefetch() {
    const { nextId } = this;
    this.playback.prefetch(nextId);
    this.wantGain(nextId);
    if (nextId !== null && this.playback.crossfadeS) this.known.want([nextId]);
  }

  // This track is about to end: the next one fades in, unless both follow each other on an album.
  cross() {
    const { nextId } = this;
    if (nextId === null || !this.playback.isReady(nextId) || this.willPause() || this.mayBeOneAlbum(nextId)) return;
    this.failures = 0;
    this.pausesAtEnd(); // counts the track
    this.queue.advance(this.repeat === "all");
    Object.assign(this, { isStalled: false, isUnheard: false });
    this.playback.crossTo(nextId);
    this.loaded(nextId);
  }

  // Whether this track and the next one are of the same album. If one of them is not known yet, they may be.
  mayBeOneAlbum(nextId) {
    const [now, next] = [this.trackId, nextId].map((id) => this.known.get(id));
    if (now === undefined || next === undefined) return true;
    return Boolean(next?.album_id) && next.album_id === now?.album_id;
  }

  trackEnded() {
    this.failures = 0;
    const goesOn = !this.pausesAtEnd();
    if (this.repeat === "one") {
      this.playback.seek(0);
      if (goesOn) this.playback.play();
      else this.pause();
    } else if (this.queue.advance(this.repeat === "all")) {
      this.startCurrent(goesOn);
    } else {
      this.playback.seek(0);
      this.pause();
      this.queue.setOver(true);
    }
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
