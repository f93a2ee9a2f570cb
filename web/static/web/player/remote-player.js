// The player of another device, as this page shows and steers it. The queue is the same on all
// devices, so its entries are changed here; `QueueSync` sends them.

export class RemotePlayer {
  // `sync`: the QueueSync of the page. `modes()`: repeat and shuffle, which all devices share.
  constructor({ devices, queue, sync, modes }) {
    Object.assign(this, { devices, queue, sync, modes });
  }

  // What the other device plays, like OwnPlayer.state; null if no other device plays.
  get state() {
    const { other } = this.devices;
    if (!other) return null;
    const { track_id: trackId, duration_s: duration, volume_level: volume, is_muted: isMuted } = other.state;
    const passed = ((other.state_age_s ?? 0) * 1000 + performance.now() - other.heardAt) / 1000;
    const position = Math.min(other.state.position_s + passed, duration || Infinity);
    return { trackId, isPlaying: true, position, duration, volume, isMuted, ...this.modes() };
  }

  // Do what the command of this name means for the other device. False if it is one for this page.
  run(name, args) {
    const act = this.acts[name];
    if (!act) return false;
    act(...args);
    return true;
  }

  acts = {
    toggle: () => this.ask("pause"),
    pause: () => this.ask("pause"),
    resume: () => this.ask("play"),
    next: () => this.ask("next"),
    previous: () => this.ask("previous"),
    seek: (seconds) => this.ask("seek", { position_s: seconds }),
    jump: (index) => this.playIndex(index),
    setVolume: (level) => this.setVolume(level),
    stepVolume: (steps) => this.setVolume(this.state.volume + steps * 0.05),
    toggleMute: () => this.ask("volume", { is_muted: !this.state.isMuted }),
    moveInQueue: (from, to) => this.queue.move(from, to),
    moveAllInQueue: (indexes, gap) => this.queue.moveAll(indexes, gap),
    removeFromQueue: (index) => this.goOnIf(this.queue.remove(index)),
    removeAllFromQueue: (indexes) => this.goOnIf(this.queue.removeAll(indexes)),
    clearQueue: () => this.queue.clear(),
    addNext: (ids) => this.queue.playNext(ids),
    addLast: (ids) => this.queue.append(ids),
    insertInQueue: (ids, at) => this.queue.insertAt(ids, at),
    toggleShuffle: () => this.queue.setShuffled(!this.queue.isShuffled),
    bringBack: ({ queue }, goesOn = false) => {
      this.queue.restore(queue);
      this.goOnIf(!goesOn);
    },
    replaceIds: (living) => this.queue.replaceIds(living),
  };

  setVolume(level) {
    const volume = Math.round(Math.min(1, Math.max(0, level)) * 100) / 100;
    this.devices.other.state.volume_level = volume; // until the device tells its own
    clearTimeout(this.waiting); // a slider tells each step
    this.waiting = setTimeout(() => this.ask("volume", { volume_level: volume }), 100);
  }

  // The current entry is another one: the other device has to play it, once it has this queue.
  async goOnIf(isOther) {
    if (isOther && this.queue.length) await this.playIndex(this.queue.position);
  }

  async playIndex(index) {
    await this.sync.push();
    await this.ask("play_index", { index });
  }

  ask(name, fields) {
    return this.devices.command(name, fields);
  }
}
