// What people do with the queue: each act changes it where it plays, and a message tells what was
// done, mostly with "Undo"; see KeptQueues. Part of the Player.

import { gettext } from "./translation.js";

export class QueueActs {
  constructor(player) {
    this.player = player;
  }

  // Play `ids` in this tab, from number `start` on.
  async playAll(ids, start = 0) {
    const { player } = this;
    if (this.isNothing(ids)) return;
    const before = player.kept.now();
    await player.claim();
    player.own.playAll(ids, start);
    player.kept.replaced(before);
  }

  // Play one track at once, and put it into the list that `load()` returns as soon as that has
  // arrived.
  async playAmong(id, load) {
    const { player } = this;
    const before = player.kept.now();
    await player.claim();
    player.own.playAll([id]);
    try {
      const ids = await load();
      const start = ids.indexOf(id);
      if (start >= 0 && player.queue.currentId === id) player.own.putAmong(ids, start);
    } finally {
      player.kept.replaced(before);
    }
  }

  async shuffleAll(ids) {
    const { player } = this;
    if (this.isNothing(ids)) return;
    const before = player.kept.now();
    await player.claim();
    player.own.setShuffle(true);
    player.own.playAll(ids, Math.floor(Math.random() * ids.length));
    player.kept.replaced(before);
  }

  // Whether there is nothing to play. Then the queue stays, and the user is told.
  isNothing(ids) {
    if (!ids.length) this.player.dispatchEvent(new CustomEvent("problem", { detail: gettext("There is nothing to play.") }));
    return !ids.length;
  }

  // `name`: the title of the added track or album, for the message.
  addNext(ids, name = this.titleOf(ids)) {
    this.player.command("addNext", ids);
    this.player.kept.addedNext(ids, name);
  }

  addLast(ids, name = this.titleOf(ids)) {
    this.player.command("addLast", ids);
    this.player.kept.addedLast(ids, name);
  }

  // Before the entry that is now number `at`. `name`: see `addNext`.
  insertInQueue(ids, at, name = this.titleOf(ids)) {
    const before = this.player.kept.now();
    this.player.command("insertInQueue", ids, at);
    this.player.kept.inserted(before, ids, name);
  }

  removeFromQueue(index) {
    const { kept, known, queue } = this.player;
    const before = kept.now();
    const { id } = queue.entries[index];
    const wasCurrent = index === queue.position;
    this.player.command("removeFromQueue", index);
    kept.removed(before, known.get(id)?.title, wasCurrent);
  }

  removeAllFromQueue(indexes) {
    const { kept, queue } = this.player;
    const before = kept.now();
    const wasCurrent = indexes.includes(queue.position);
    this.player.command("removeAllFromQueue", indexes);
    kept.removedSeveral(before, indexes.length, wasCurrent);
  }

  clearQueue() {
    const before = this.player.kept.now();
    this.player.command("clearQueue");
    this.player.kept.cleared(before);
  }

  titleOf(ids) {
    return ids.length === 1 ? (this.player.known.get(ids[0])?.title ?? "") : "";
  }
}
