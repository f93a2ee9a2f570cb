// What changes of the library do to the queue and to the current track. Part of the Player.

import { LibraryChanges } from "./library-changes.js";

export class QueueChanges {
  constructor(player) {
    this.player = player;
  }

  // The library has changed: show it in the queue. `token`: the state up to which `changes` go.
  async take(changes, token) {
    if (changes.isEverything) await this.refreshTracks();
    else if (changes.has("track")) {
      this.player.known.take(changes);
      this.replaceIds(changes.livingIds);
    }
    this.player.saved.synced(token);
  }

  // The queues were stored by a page that was closed since: show what has changed. `token`: the
  // state of the library when this page was made.
  async catchUp(token) {
    const since = this.player.saved.token;
    if (since === null || since === token || !this.hasQueues) {
      this.player.saved.synced(token);
      return;
    }
    const missed = new LibraryChanges(since);
    const changes = await missed.ask();
    if (!changes.isEverything) await this.take(changes, missed.token);
    else this.player.saved.synced(missed.token);
  }

  get hasQueues() {
    return this.player.queue.length > 0 || this.player.kept.earlier.all.length > 0;
  }

  // Tracks were joined with others: `living` is a Map from their ids to those of the others. Queues
  // and the current track take these ids; what plays goes on.
  replaceIds(living) {
    if (!living.size) return;
    this.player.kept.earlier.replaceIds(living);
    if (this.player.mirror) this.player.tabs.command("replaceIds", [living]);
    else this.player.own.replaceIds(living);
  }

  // Load the current track and those near it in the queue again.
  refreshTracks() {
    return this.player.known.refresh([this.player.trackId, ...this.player.idsNear()].filter((id) => id !== null));
  }
}
