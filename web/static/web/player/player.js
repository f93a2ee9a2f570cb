// The player as people see it, whichever tab it is that plays: commands go to that one, and what is
// shown comes from it.

import { contact } from "./api.js";
import { KeptQueues } from "./kept-queues.js";
import { KnownTracks } from "./known-tracks.js";
import { OwnPlayer } from "./own-player.js";
import { SavedState } from "./saved-state.js";
import { Tabs } from "./tabs.js";

const STEP_SECONDS = 10;
const TELL_MS = 1000;
const NEAR_ROWS = 50;
const TOLD = ["track", "playing", "time", "modes", "problem"];
const COMMANDS = [
  ...["toggle", "resume", "pause", "next", "previous", "seek", "jump"],
  ...["setVolume", "stepVolume", "toggleMute", "toggleShuffle", "cycleRepeat"],
  ...["moveInQueue", "removeFromQueue", "clearQueue", "moveAllInQueue", "removeAllFromQueue", "addNext", "addLast", "bringBack"],
];

// The commands are those of OwnPlayer, and so are the events; "said" comes on top: what was done to
// the queue, as `{ text, undo }` in `detail`; and "kept" when the earlier queues are others.
export class Player extends EventTarget {
  known = new KnownTracks();
  own = new OwnPlayer(this.known);
  queue = this.own.queue;
  hasRestored = false;
  hasShownKept = false;
  isTouched = false; // whether somebody did something since the page was loaded
  mirror = null; // the state of the tab that plays, where that is another one

  constructor(user) {
    super();
    const { own } = this;
    this.tabs = new Tabs({
      state: () => own.state,
      queue: () => this.queue.toJSON(),
      obey: (name, args) => COMMANDS.includes(name) && own[name](...args),
      release: () => this.release(),
    });
    this.saved = new SavedState({
      user,
      queue: this.queue,
      read: () => savedFields(own.state),
      // Before the saved state is known, what is here is nobody's wish.
      isOurs: () => this.tabs.isOurs && (this.hasRestored || this.isTouched),
      rows: () => this.rowsNear(),
    });
    this.kept = new KeptQueues(this, user, (text, undo) => this.say(text, undo));
    this.listen();
  }

  get isFollowing() {
    return this.mirror !== null;
  }

  get state() {
    return this.mirror ?? this.own.state;
  }

  get trackId() {
    return this.state.trackId;
  }

  // What was known of it last, also when its row is gone from the library.
  get track() {
    const found = this.known.get(this.trackId);
    if (found) this.lastTrack = found;
    return this.lastTrack?.id === this.trackId ? this.lastTrack : null;
  }

  get isPlaying() {
    return this.state.isPlaying;
  }

  get position() {
    if (!this.mirror) return this.own.playback.position;
    const passed = this.mirror.isPlaying ? (performance.now() - this.mirror.heardAt) / 1000 : 0;
    return Math.min(this.mirror.position + passed, this.duration || Infinity);
  }

  get duration() {
    return this.state.duration || this.track?.duration_s || 0;
  }

  // What was saved: track, position and modes; paused, since nobody asked for sound yet. Until the
  // server has answered, and where it does not, it is what this browser kept.
  async restore() {
    this.showKept();
    const saved = stateOf(await this.saved.load());
    this.hasRestored = true;
    if (this.isTouched) {
      // Whoever was quicker and plays already hears it as loud as it was.
      if (!this.isFollowing && !this.hasShownKept) this.own.restoreModes(saved);
      this.saved.soon();
      return;
    }
    this.saved.loadQueue();
    if (this.isFollowing) return;
    const before = this.kept.now();
    this.own.restore(saved);
    this.kept.visited(before);
  }

  showKept() {
    if (this.isTouched || this.hasShownKept) return;
    const kept = this.saved.kept();
    this.known.put(kept.rows);
    this.saved.loadQueue();
    if (!kept.state) return;
    this.hasShownKept = true;
    if (!this.isFollowing) this.own.restore(stateOf(kept.state));
  }

  // Play `ids` here, from number `start` on.
  async playAll(ids, start = 0) {
    const before = this.kept.now();
    await this.claim();
    this.own.playAll(ids, start);
    this.kept.replaced(before);
  }

  // Play one track at once, and put it among those that `load` gives, as soon as they are here.
  async playAmong(id, load) {
    const before = this.kept.now();
    await this.claim();
    this.own.playAll([id]);
    try {
      const ids = await load();
      const start = ids.indexOf(id);
      if (start >= 0 && this.queue.currentId === id) this.own.putAmong(ids, start);
    } finally {
      this.kept.replaced(before);
    }
  }

  async shuffleAll(ids) {
    const before = this.kept.now();
    await this.claim();
    this.own.setShuffle(true);
    this.own.playAll(ids, Math.floor(Math.random() * ids.length));
    this.kept.replaced(before);
  }

  // `name`: of what is added, where it has one.
  addNext(ids, name = this.titleOf(ids)) {
    this.command("addNext", ids);
    this.kept.addedNext(ids, name);
  }

  addLast(ids, name = this.titleOf(ids)) {
    this.command("addLast", ids);
    this.kept.addedLast(ids, name);
  }

  removeFromQueue(index) {
    const before = this.kept.now();
    const { id } = this.queue.entries[index];
    const wasCurrent = index === this.queue.position;
    this.command("removeFromQueue", index);
    this.kept.removed(before, this.known.get(id)?.title, wasCurrent);
  }

  removeAllFromQueue(indexes) {
    const before = this.kept.now();
    const wasCurrent = indexes.includes(this.queue.position);
    this.command("removeAllFromQueue", indexes);
    this.kept.removedSeveral(before, indexes.length, wasCurrent);
  }

  clearQueue() {
    const before = this.kept.now();
    this.command("clearQueue");
    this.kept.cleared(before);
  }

  titleOf(ids) {
    return ids.length === 1 ? (this.known.get(ids[0])?.title ?? "") : "";
  }

  // Go on here with what another tab plays.
  async playHere() {
    const state = await this.claim();
    if (state) this.own.restore(state);
    this.own.resume();
  }

  seekBy(steps) {
    if (this.trackId !== null) this.seek(Math.max(0, this.position + steps * STEP_SECONDS));
  }

  // The library has changed: what is known of these tracks may have, too.
  refreshTracks() {
    return this.known.refresh([this.trackId, ...this.idsNear()].filter((id) => id !== null));
  }

  // Of the entries around the current one.
  idsNear() {
    const first = Math.max(0, this.queue.position - 10);
    return this.queue.entries.slice(first, first + NEAR_ROWS).map(({ id }) => id);
  }

  rowsNear() {
    const ids = new Set([this.trackId, ...this.idsNear()]);
    return [this.track, ...[...ids].map((id) => this.known.get(id))].filter(Boolean);
  }

  say(text, undo = null) {
    this.dispatchEvent(new CustomEvent("said", { detail: { text, undo } }));
  }

  listen() {
    const { own, tabs } = this;
    for (const type of TOLD) own.addEventListener(type, (event) => this.pass(event));
    for (const type of ["track", "playing", "modes"]) own.addEventListener(type, () => this.ownChanged());
    own.addEventListener("time", () => own.isPlaying && this.timePassed());
    this.known.addEventListener("change", () => {
      if (this.trackId !== null) this.known.wantGone(this.trackId);
      this.tell("track");
    });
    tabs.addEventListener("follow", ({ detail }) => this.follow(detail));
    tabs.addEventListener("free", ({ detail }) => this.becomeFree(detail));
    contact.addEventListener("back", () => this.contactIsBack());
    contact.addEventListener("loggedin", () => this.contactIsBack());
    setInterval(() => this.isPlaying && (this.isFollowing ? this.tell("time") : tabs.tell()), TELL_MS);
  }

  pass(event) {
    if (!this.isFollowing) this.dispatchEvent(new CustomEvent(event.type, { detail: event.detail }));
  }

  // Timers of a tab that nobody sees may wait for a minute; the sound does not.
  timePassed() {
    this.saved.playing();
    this.tabs.tellIfDue();
  }

  contactIsBack() {
    if (this.hasRestored) this.saved.soon();
    else this.restore().catch(() => null); // away again
  }

  ownChanged() {
    if (this.isFollowing) return;
    if (this.own.isPlaying && !this.tabs.hasPlayed) this.tabs.claim();
    this.saved.soon();
    this.tabs.tell();
  }

  // This tab becomes the one that plays, with queue and modes as the other one left them. Gives what
  // that one played, if there was one.
  async claim() {
    this.isTouched = true;
    const released = await this.tabs.claim();
    return this.takeOver(released);
  }

  // `left`: what the tab that played said last, if it could.
  takeOver(left) {
    if (!this.mirror) return null;
    const state = left?.state ?? { ...this.mirror, position: this.position };
    this.mirror = null;
    if (left) this.saved.takeQueue(left.queue);
    else this.saved.loadQueue();
    this.own.restoreModes(state);
    return state;
  }

  release() {
    this.own.pause();
    this.saved.flush();
  }

  follow(state) {
    if (this.own.isPlaying) this.own.pause();
    const isNew = state.trackId !== this.trackId || !this.mirror;
    this.mirror = { ...state, heardAt: performance.now() };
    if (state.trackId !== null) this.known.want([state.trackId]);
    if (isNew) this.tell("track");
    for (const type of ["playing", "time", "modes"]) this.tell(type);
  }

  // The tab that played is gone: here it is as it was left, paused.
  becomeFree(left) {
    const state = this.takeOver(left);
    if (!state) return;
    this.own.restore(state);
    for (const type of ["track", "playing", "time", "modes"]) this.tell(type);
  }

  // Have the player that plays, in whichever tab, do something.
  command(name, ...args) {
    this.isTouched = true;
    if (this.isFollowing) this.tabs.command(name, args);
    else this.own[name](...args);
  }

  tell(type) {
    this.dispatchEvent(new Event(type));
  }
}

for (const name of COMMANDS) {
  Player.prototype[name] ??= function command(...args) {
    this.command(name, ...args);
  };
}

const stateOf = (saved) => ({
  trackId: saved.current_track_id,
  position: saved.progress_seconds,
  volume: saved.volume_level,
  isMuted: saved.is_muted,
  repeat: saved.is_repeat ? (saved.is_repeat_one ? "one" : "all") : "none",
  isShuffled: saved.is_shuffle,
});

const savedFields = ({ trackId, position, volume, isMuted, isShuffled, repeat }) => ({
  current_track_id: trackId,
  progress_seconds: Math.round(position * 10) / 10,
  volume_level: volume,
  is_muted: isMuted,
  is_shuffle: isShuffled,
  is_repeat: repeat !== "none",
  is_repeat_one: repeat === "one",
});
