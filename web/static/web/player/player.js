// The player that the page shows. One tab of the browser plays; if it is another one, this sends
// the commands to that tab and shows that tab's state. It does the same with another device of the
// user that plays.

import { contact } from "./api.js";
import { Devices } from "./devices.js";
import { KeptQueues } from "./kept-queues.js";
import { KnownTracks } from "./known-tracks.js";
import { OwnPlayer } from "./own-player.js";
import { restoreState } from "./own-snapshots.js";
import { QueueChanges } from "./queue-changes.js";
import { QueueSync } from "./queue-sync.js";
import { savedFields, stateOf } from "./saved-fields.js";
import { SavedState } from "./saved-state.js";
import { SharedPlayer } from "./shared-player.js";
import { Tabs } from "./tabs.js";
import { gettext } from "./translation.js";

const STEP_SECONDS = 10;
const TELL_MS = 1000;
const NEAR_ROWS = 50;
const FORWARDED_EVENTS = ["track", "playing", "time", "modes", "problem"];
const COMMANDS = [
  ...["toggle", "resume", "pause", "next", "previous", "seek", "jump"],
  ...["setVolume", "stepVolume", "toggleMute", "toggleShuffle", "cycleRepeat"],
  ...["moveInQueue", "removeFromQueue", "clearQueue", "moveAllInQueue", "removeAllFromQueue", "addNext", "addLast", "insertInQueue", "bringBack"],
  "replaceIds",
];

// Commands and events are those of OwnPlayer. Further events: "message": the queue was changed,
// with `{ text, undo }` in `detail`. "kept": the list of earlier queues has changed.
export class Player extends EventTarget {
  known = new KnownTracks();
  own = new OwnPlayer(this.known);
  queue = this.own.queue;
  hasRestored = false;
  hasShownKept = false;
  isTouched = false; // whether the user gave a command since the page was loaded
  mirror = null; // the state of the tab that plays, if it is another one
  opinionActs = null; // set by the page: what users do with favourites and ratings
  remote = null; // the player of the device that plays, if it is another one

  constructor(user) {
    super();
    const { own } = this;
    this.tabs = new Tabs({
      state: () => own.state,
      queue: () => this.queue.toJSON(),
      obey: (name, args) => COMMANDS.includes(name) && own.run(name, args),
      release: () => this.release(),
    });
    // Until the saved state is loaded, the state here is only a default and must not be saved.
    const isOurs = () => this.tabs.isOurs && (this.hasRestored || this.isTouched);
    this.devices = new Devices({
      user,
      state: () => own.state,
      speaks: () => this.tabs.isOurs && (this.tabs.hasPlayed || this.devices.isLeader),
    });
    this.sync = new QueueSync({
      user,
      queue: this.queue,
      device: this.devices.key,
      isOurs,
      isLoading: () => this.saved.isLoading === true,
      take: (saved, body) => this.shared.takeQueue(saved, body),
      position: () => (own.trackId !== null && own.trackId === this.queue.currentId && !this.remote ? own.playback.position : null),
      arrived: (place) => this.saved.queueArrived(place),
    });
    this.saved = new SavedState({
      user,
      queue: this.queue,
      read: () => ({ ...savedFields(own.state), ...this.sync.place(own.trackId) }),
      isOurs: () => isOurs() && !this.remote,
      isQueueOurs: isOurs,
      rows: () => this.rowsNear(),
      left: () => this.shared.left(),
      refused: () => this.sync.pull().catch(() => null),
    });
    this.shared = new SharedPlayer(this);
    this.changes = new QueueChanges(this);
    this.kept = new KeptQueues(this, user, (text, undo) => this.say(text, undo));
    this.listen();
  }

  get isFollowing() {
    return this.mirror !== null || this.remote !== null;
  }

  // Whether the other device is what is shown, and not another tab of this browser.
  get isRemote() {
    return this.remote !== null && !this.mirror?.isPlaying;
  }

  get state() {
    return (this.isRemote ? this.remote.state : this.mirror) ?? this.own.state;
  }

  get trackId() {
    return this.state.trackId;
  }

  // The current track as last known, also when it has left the library.
  get track() {
    const found = this.known.get(this.trackId);
    if (found) this.lastTrack = found;
    return this.lastTrack?.id === this.trackId ? this.lastTrack : null;
  }

  get isPlaying() {
    return this.state.isPlaying;
  }

  get position() {
    if (this.isRemote) return this.state.position;
    if (!this.mirror) return this.own.playback.position;
    const passed = this.mirror.isPlaying ? (performance.now() - this.mirror.heardAt) / 1000 : 0;
    return Math.min(this.mirror.position + passed, this.duration || Infinity);
  }

  get duration() {
    return this.state.duration || this.track?.duration_s || 0;
  }

  // Load the saved track, position and modes, paused. Until the server answers, and if it does not,
  // the copy in this browser is shown.
  async restore() {
    this.showKept();
    const saved = stateOf(await this.saved.load());
    this.hasRestored = true;
    if (this.isTouched) {
      // The user has started to play before the response came: take over only volume and modes.
      if (!this.isFollowing && !this.hasShownKept) this.own.restoreModes(saved);
      this.saved.soon();
      await this.shared.begin();
      return;
    }
    this.saved.loadQueue();
    await this.shared.begin((before) => {
      if (this.isTouched || this.isFollowing) return;
      restoreState(this.own, saved);
      this.kept.visited(before);
    });
  }

  showKept() {
    if (this.isTouched || this.hasShownKept) return;
    const kept = this.saved.kept();
    this.known.put(kept.rows);
    this.saved.loadQueue();
    if (!kept.state) return;
    this.hasShownKept = true;
    if (!this.isFollowing) restoreState(this.own, stateOf(kept.state));
  }

  // Play `ids` in this tab, from number `start` on.
  async playAll(ids, start = 0) {
    if (this.isNothing(ids)) return;
    const before = this.kept.now();
    await this.claim();
    this.own.playAll(ids, start);
    this.kept.replaced(before);
  }

  // Whether there is nothing to play. Then the queue stays, and the user is told.
  isNothing(ids) {
    if (!ids.length) this.dispatchEvent(new CustomEvent("problem", { detail: gettext("There is nothing to play.") }));
    return !ids.length;
  }

  // Play one track at once, and put it into the list that `load()` returns as soon as that has
  // arrived.
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
    if (this.isNothing(ids)) return;
    const before = this.kept.now();
    await this.claim();
    this.own.setShuffle(true);
    this.own.playAll(ids, Math.floor(Math.random() * ids.length));
    this.kept.replaced(before);
  }

  // `name`: the title of the added track or album, for the message.
  addNext(ids, name = this.titleOf(ids)) {
    this.command("addNext", ids);
    this.kept.addedNext(ids, name);
  }

  addLast(ids, name = this.titleOf(ids)) {
    this.command("addLast", ids);
    this.kept.addedLast(ids, name);
  }

  // Before the entry that is now number `at`. `name`: see `addNext`.
  insertInQueue(ids, at, name = this.titleOf(ids)) {
    const before = this.kept.now();
    this.command("insertInQueue", ids, at);
    this.kept.inserted(before, ids, name);
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

  // Continue in this tab what another tab or device plays.
  async playHere() {
    const state = await this.claim();
    if (state) restoreState(this.own, state);
    this.own.resume();
  }

  seekBy(steps) {
    if (this.trackId !== null) this.seek(Math.max(0, this.position + steps * STEP_SECONDS));
  }

  // The ids of the entries around the current one.
  idsNear() {
    const first = Math.max(0, this.queue.position - 10);
    return this.queue.entries.slice(first, first + NEAR_ROWS).map(({ id }) => id);
  }

  rowsNear() {
    const ids = new Set([this.trackId, ...this.idsNear()]);
    return [this.track, ...[...ids].map((id) => this.known.get(id))].filter(Boolean);
  }

  say(text, undo = null) {
    this.dispatchEvent(new CustomEvent("message", { detail: { text, undo } }));
  }

  listen() {
    const { own, tabs } = this;
    for (const type of FORWARDED_EVENTS) own.addEventListener(type, (event) => this.pass(event));
    for (const type of ["track", "playing", "modes"]) own.addEventListener(type, () => this.ownChanged());
    own.addEventListener("time", () => own.isPlaying && this.timePassed());
    this.known.addEventListener("change", () => {
      if (this.trackId !== null) this.known.wantGone(this.trackId);
      this.tell("track");
    });
    this.known.addEventListener("replaced", ({ detail }) => this.changes.replaceIds(detail));
    tabs.addEventListener("follow", ({ detail }) => this.follow(detail));
    tabs.addEventListener("free", ({ detail }) => this.becomeFree(detail));
    contact.addEventListener("back", () => this.contactIsBack());
    contact.addEventListener("loggedin", () => this.contactIsBack());
    setInterval(() => this.isPlaying && (this.isFollowing ? this.tell("time") : tabs.tell()), TELL_MS);
  }

  pass(event) {
    if (!this.isFollowing) this.dispatchEvent(new CustomEvent(event.type, { detail: event.detail }));
  }

  // Called by the audio element: browsers delay timers of hidden tabs by up to a minute.
  timePassed() {
    this.saved.playing();
    this.tabs.tellIfDue();
  }

  contactIsBack() {
    if (this.hasRestored) {
      this.saved.soon();
      this.sync.pull().catch(() => null); // away again
    } else this.restore().catch(() => null); // away again
  }

  ownChanged() {
    if (this.mirror) return;
    if (this.own.isPlaying && !this.tabs.hasPlayed) this.tabs.claim();
    this.devices.reportSoon();
    if (this.remote) return;
    this.saved.soon();
    this.tabs.tell();
  }

  // Make this tab the one that plays, with the queue and modes of the tab that played before.
  // Returns that tab's state, if there was one.
  async claim() {
    this.isTouched = true;
    const remote = await this.shared.claim();
    const released = await this.tabs.claim();
    const left = this.takeOver(released);
    return remote ?? left;
  }

  // `left`: the last `{ state, queue }` of the tab that played, if it could send them.
  takeOver(left) {
    if (!this.mirror) return null;
    const state = left?.state ?? { ...this.mirror, position: this.position };
    this.mirror = null;
    if (left) this.saved.takeQueue(left.queue);
    else this.saved.loadQueue();
    this.own.restoreModes(state);
    this.sync.pull().catch(() => null);
    return state;
  }

  release() {
    this.own.pause();
    this.saved.flush();
  }

  follow(state) {
    if (this.own.isPlaying) this.own.pause();
    if (this.isRemote && !state.isPlaying) return; // shown is what the other device plays
    const isNew = state.trackId !== this.trackId || !this.mirror;
    this.mirror = { ...state, heardAt: performance.now() };
    if (state.trackId !== null) this.known.want([state.trackId]);
    if (isNew) this.tell("track");
    for (const type of ["playing", "time", "modes"]) this.tell(type);
  }

  // The tab that played is gone: show its last state here, paused.
  becomeFree(left) {
    const state = this.takeOver(left);
    if (!state) return;
    restoreState(this.own, state);
    for (const type of ["track", "playing", "time", "modes"]) this.tell(type);
  }

  // Send a command to the player that plays, here or in another tab.
  command(name, ...args) {
    this.isTouched = true;
    if (this.isRemote && this.remote.run(name, args)) return;
    if (this.mirror) this.tabs.command(name, args);
    else this.own.run(name, args);
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
