// The player that the page shows. One tab of the browser plays; if it is another one, this sends
// the commands to that tab and shows that tab's state. It does the same with another device of the
// user that plays.

import { contact } from "./api.js";
import { Devices } from "./devices.js";
import { KeptQueues } from "./kept-queues.js";
import { KnownTracks } from "./known-tracks.js";
import { OtherTab } from "./other-tab.js";
import { OwnPlayer } from "./own-player.js";
import { restoreState } from "./own-snapshots.js";
import { QueueActs } from "./queue-acts.js";
import { QueueChanges } from "./queue-changes.js";
import { stateOf } from "./saved-fields.js";
import { savedStateOf, syncOf } from "./saved-player.js";
import { SharedPlayer } from "./shared-player.js";
import { Tabs } from "./tabs.js";

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
const ACTS = [
  ...["playAll", "playAmong", "shuffleAll", "addNext", "addLast", "insertInQueue"],
  ...["removeFromQueue", "removeAllFromQueue", "clearQueue"],
];

// Commands and events are those of OwnPlayer, acts those of QueueActs. An act with the name of a command
// gives that command, and tells the user what was done. Further events: "message": the queue was
// changed, with `{ text, undo }` in `detail`. "kept": the list of earlier queues has changed.
export class Player extends EventTarget {
  known = new KnownTracks();
  own = new OwnPlayer(this.known);
  queue = this.own.queue;
  hasRestored = false;
  hasShownKept = false;
  isTouched = false; // whether the user gave a command since the page was loaded
  opinionActs = null; // set by the page: what users do with favourites and ratings
  remote = null; // the player of the device that plays, if it is another one

  constructor(user) {
    super();
    const { own } = this;
    this.tabs = new Tabs({
      state: () => own.state,
      queue: () => this.queue.toJSON(),
      obey: (name, args) => COMMANDS.includes(name) && own.run(name, args),
      release: () => this.otherTab.release(),
    });
    this.otherTab = new OtherTab(this);
    this.devices = new Devices({
      user,
      state: () => own.state,
      speaks: () => this.tabs.isOurs && (this.tabs.hasPlayed || this.devices.isLeader),
    });
    this.sync = syncOf(this, user);
    this.saved = savedStateOf(this, user);
    this.shared = new SharedPlayer(this);
    this.changes = new QueueChanges(this);
    this.kept = new KeptQueues(this, user, (text, undo) => this.say(text, undo));
    this.queueActs = new QueueActs(this);
    this.listen();
  }

  // The state of the tab that plays, if it is another one.
  get mirror() {
    return this.otherTab.mirror;
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
    return this.mirror ? this.otherTab.position : this.own.playback.position;
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
    const left = this.otherTab.takeOver(released);
    return remote ?? left;
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

for (const name of ACTS) {
  Player.prototype[name] = function act(...args) {
    return this.queueActs[name](...args);
  };
}

for (const name of COMMANDS) {
  Player.prototype[name] ??= function command(...args) {
    this.command(name, ...args);
  };
}
