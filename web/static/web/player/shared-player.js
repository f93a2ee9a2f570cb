// The part of the player that all devices of the user share: what another one changes is shown here,
// what it asks for is done, and when it plays this page follows it.

import { standWhere, takeOverQueue } from "./own-snapshots.js";
import { RemotePlayer } from "./remote-player.js";
import { stateOf } from "./saved-fields.js";

export class SharedPlayer {
  constructor(player) {
    this.player = player;
    const { devices, own, sync, queue } = player;
    const modes = () => ({ repeat: own.repeat, isShuffled: own.isShuffled });
    this.remote = new RemotePlayer({ devices, queue, sync, modes });
    devices.addEventListener("change", () => this.devicesChanged());
    devices.addEventListener("command", ({ detail }) => this.obey(detail));
    own.addEventListener("time", () => own.isPlaying && devices.reportSoon());
  }

  // The page was loaded: bring its queue and that of the server together, then call `show` with the
  // snapshot of the player. What the server says meanwhile is heard after that.
  begin(show = () => null) {
    this.begun = this.bringTogether().then(show);
    return this.begun;
  }

  async bringTogether() {
    const { player } = this;
    await player.sync.begin().catch(() => null); // the server is away
    if (player.sync.pushes) player.saved.forget(); // the queue has set track and position as well
    const before = player.kept.now();
    player.devices.begin().catch(() => null);
    return before;
  }

  // The server says that something of the user's own has changed; see Live.
  async hear({ name, number }) {
    if (!this.begun) return;
    try {
      await this.begun;
      if (name === "queue") await this.player.sync.hear(number);
      if (name === "player") await this.hearState();
      if (name === "devices") await this.player.devices.ask();
      if (name === "commands") await this.player.devices.hearCommands();
    } catch {
      // The server is away: when it is back, all names are heard again.
    }
  }

  // Another device saved what it plays, or this one did.
  async hearState() {
    const { player } = this;
    const isBusy = () => player.mirror || (player.saved.isUnsaved && !player.own.isPlaying);
    if (isBusy()) return;
    let body = await this.newestState();
    if (body && body.queue_number !== player.sync.base.stored.number) {
      await player.sync.pull();
      body = await this.newestState();
    }
    if (!body || isBusy()) return;
    if (player.own.isPlaying) this.takeModes(body);
    else this.standWhere(body);
  }

  // The state that the server has; null if it was asked again meanwhile, or this browser has saved its
  // own: then the answer may be of before that.
  async newestState() {
    const { own, saved } = this.player;
    this.asked = (this.asked ?? 0) + 1;
    const { asked } = this;
    const { last } = saved;
    const body = await saved.fetch();
    // What plays here saves its position every few seconds, and takes no position of the answer.
    return asked === this.asked && (own.isPlaying || last === saved.last) ? body : null;
  }

  // Unless somebody has just chosen another mode here, which is not saved yet.
  takeModes(body) {
    const { own, saved } = this.player;
    const { repeat } = stateOf(body);
    const isSaved = "is_repeat" in saved.last && stateOf(saved.last).repeat === own.repeat;
    if (repeat === own.repeat || !isSaved) return;
    own.repeat = repeat;
    own.modesChanged();
  }

  standWhere(body) {
    const { player } = this;
    const { queue } = player;
    if (player.sync.base.isChanged) return;
    if (body.queue_number === player.sync.base.stored.number) queue.standAt(body.queue_index);
    const state = stateOf(body);
    // The queue itself says whether it is shuffled. The state may be of before that was sent.
    const isShuffled = queue.length ? queue.isShuffled : state.isShuffled;
    if (player.remote) this.takeModes(body);
    else standWhere(player.own, { ...state, isShuffled });
    player.saved.taken();
  }

  // Another browser has replaced or changed the queue.
  takeQueue(saved, body) {
    const { player } = this;
    if (player.own.isPlaying) takeOverQueue(player.own, saved);
    else {
      player.queue.restore(saved);
      player.own.modesChanged();
      if (!player.remote && player.hasRestored) this.standAtCurrent(body.position_s);
    }
    player.saved.isQueueUnsaved = true;
    player.saved.saveQueue();
  }

  standAtCurrent(position) {
    const { own, queue, saved } = this.player;
    standWhere(own, { ...own.state, isShuffled: queue.isShuffled, trackId: queue.currentId, position });
    saved.taken();
  }

  devicesChanged() {
    const { player } = this;
    const { other, isUnsaid } = player.devices;
    if (isUnsaid) return; // the list is from before this browser began to play
    if (other) this.follow();
    else if (player.remote) this.becomeFree();
    player.tell("devices");
  }

  // Another device plays.
  follow() {
    const { player } = this;
    player.devices.fallSilent();
    if (player.own.isPlaying) player.own.pause();
    player.saved.stopTimer();
    const isNew = !player.remote;
    player.remote = this.remote;
    const { trackId } = player.state;
    if (trackId !== null) player.known.want([trackId]);
    for (const type of ["track", "playing", "time", "modes"]) player.tell(type);
    if (isNew) this.hearState().catch(() => null);
  }

  // The other device has paused, or is away: show here where it was.
  becomeFree() {
    const { player } = this;
    player.remote = null;
    for (const type of ["track", "playing", "time", "modes"]) player.tell(type);
    if (!this.isClaiming) this.hearState().catch(() => null);
  }

  // This device is to play: the other one pauses first. Resolves to what it played; null if none did.
  async claim() {
    const { player } = this;
    if (!player.isRemote) return null;
    this.isClaiming = true;
    try {
      const other = await player.devices.pauseOther();
      await player.sync.pull().catch(() => null);
      player.remote = null;
      const { track_id: trackId, position_s: position } = other.state;
      return { ...player.own.state, isShuffled: player.queue.isShuffled, trackId, position };
    } finally {
      this.isClaiming = false;
    }
  }

  // Another device asks this one.
  obey({ name, arguments: given }) {
    const { player } = this;
    if (name === "take_over") player.playHere();
    if (name === "play") player.resume();
    if (name === "next" || name === "previous") player[name]();
    if (name === "seek") player.seek(given.position_s);
    if (name === "play_index") this.playIndex(given.index);
    if (name === "volume") this.setVolume(given);
    if (name === "pause") this.pause();
  }

  // Save first: the other device goes on where this one was.
  pause() {
    const { own, saved, devices } = this.player;
    own.pause();
    saved.save();
    devices.report().catch(() => null);
  }

  setVolume({ volume_level: level, is_muted: isMuted }) {
    const { own } = this.player;
    if (level !== undefined) own.setVolume(level);
    if (isMuted !== undefined && isMuted !== own.isMuted) own.toggleMute();
  }

  // The index is of the queue that the other device has, which may be newer.
  async playIndex(index) {
    await this.player.sync.pull().catch(() => null);
    if (index < this.player.queue.length) this.player.own.jump(index);
  }

  // The page closes. What the server is to know of that.
  left() {
    const { devices } = this.player;
    // It may have paused a moment ago, which is not said yet.
    if (!devices.hasSaidPlaying || !devices.speaks()) return null;
    return { device: devices.key, is_playing: false };
  }
}
