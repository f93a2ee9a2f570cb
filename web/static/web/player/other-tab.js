// What the page does while another tab of this browser plays: it shows that tab's state, and takes
// it over when that tab is gone or this one is to play.

import { restoreState } from "./own-snapshots.js";

export class OtherTab {
  mirror = null; // the state of the tab that plays, if it is another one

  constructor(player) {
    this.player = player;
    player.tabs.addEventListener("follow", ({ detail }) => this.follow(detail));
    player.tabs.addEventListener("free", ({ detail }) => this.becomeFree(detail));
  }

  // Where the track is by now. The other tab tells it each second.
  get position() {
    const { mirror, player } = this;
    const passed = mirror.isPlaying ? (performance.now() - mirror.heardAt) / 1000 : 0;
    return Math.min(mirror.position + passed, player.duration || Infinity);
  }

  follow(state) {
    const { player } = this;
    if (player.own.isPlaying) player.own.pause();
    if (player.isRemote && !state.isPlaying) return; // shown is what the other device plays
    const isNew = state.trackId !== player.trackId || !this.mirror;
    this.mirror = { ...state, heardAt: performance.now() };
    if (state.trackId !== null) player.known.want([state.trackId]);
    if (isNew) player.tell("track");
    for (const type of ["playing", "time", "modes"]) player.tell(type);
  }

  // The tab that played is gone: show its last state here, paused.
  becomeFree(left) {
    const { player } = this;
    const state = this.takeOver(left);
    if (!state) return;
    restoreState(player.own, state);
    for (const type of ["track", "playing", "time", "modes"]) player.tell(type);
  }

  // Take the queue and the modes of the tab that played. Returns its state; null if none played.
  // `left`: its last `{ state, queue }`, if it could send them.
  takeOver(left) {
    const { player } = this;
    if (!this.mirror) return null;
    const state = left?.state ?? { ...this.mirror, position: player.position };
    this.mirror = null;
    if (left) player.saved.takeQueue(left.queue);
    else player.saved.loadQueue();
    player.own.restoreModes(state);
    player.sync.pull().catch(() => null);
    return state;
  }

  // The other tab takes over.
  release() {
    this.player.own.pause();
    this.player.saved.flush();
  }
}
