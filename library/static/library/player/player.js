// The player as people see it, whichever tab it is that plays: commands go to that one, and what is
// shown comes from it.

import { contact } from "./api.js";
import { KnownTracks } from "./known-tracks.js";
import { OwnPlayer } from "./own-player.js";
import { SavedState } from "./saved-state.js";
import { Tabs } from "./tabs.js";

const STEP_SECONDS = 10;
const TELL_MS = 1000;
const TOLD = ["track", "playing", "time", "modes", "problem"];
const COMMANDS = [
  ...["toggle", "resume", "pause", "next", "previous", "seek", "jump"],
  ...["setVolume", "stepVolume", "toggleMute", "toggleShuffle", "cycleRepeat"],
  ...["moveInQueue", "removeFromQueue", "clearQueue", "moveAllInQueue", "removeAllFromQueue", "addNext", "addLast"],
];

// The commands are those of OwnPlayer, and so are the events.
export class Player extends EventTarget {
  known = new KnownTracks();
  own = new OwnPlayer(this.known);
  queue = this.own.queue;
  hasRestored = false;
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
      isOurs: () => this.tabs.isOurs && (this.hasRestored || this.own.trackId !== null),
    });
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

  get track() {
    return this.known.get(this.trackId) ?? null;
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

  // What was saved: track, position and modes; paused, since nobody asked for sound yet.
  async restore() {
    const saved = stateOf(await this.saved.load());
    this.hasRestored = true;
    // Whoever was quicker and plays already hears it as loud as it was.
    if (this.own.trackId !== null) return this.isFollowing || this.own.restoreModes(saved);
    this.saved.loadQueue();
    if (!this.isFollowing) this.own.restore(saved);
  }

  // Play `ids` here, from number `start` on.
  async playAll(ids, start = 0) {
    await this.claim();
    this.own.playAll(ids, start);
  }

  // Play one track at once, and put it among those that `load` gives, as soon as they are here.
  async playAmong(id, load) {
    await this.playAll([id]);
    const ids = await load();
    const start = ids.indexOf(id);
    if (start >= 0 && this.queue.currentId === id) this.queue.replace(ids, start);
  }

  async shuffleAll(ids) {
    await this.claim();
    this.own.setShuffle(true);
    this.own.playAll(ids, Math.floor(Math.random() * ids.length));
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
    const first = Math.max(0, this.queue.position - 10);
    const near = this.queue.entries.slice(first, first + 50).map(({ id }) => id);
    return this.known.refresh([this.trackId, ...near].filter((id) => id !== null));
  }

  listen() {
    const { own, tabs } = this;
    for (const type of TOLD) own.addEventListener(type, (event) => this.pass(event));
    for (const type of ["track", "playing", "modes"]) own.addEventListener(type, () => this.ownChanged());
    own.addEventListener("time", () => own.isPlaying && this.timePassed());
    this.known.addEventListener("change", () => this.tell("track"));
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

  tell(type) {
    this.dispatchEvent(new Event(type));
  }
}

for (const name of COMMANDS) {
  Player.prototype[name] = function command(...args) {
    if (this.isFollowing) this.tabs.command(name, args);
    else this.own[name](...args);
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
