// The commands that change the queue of this tab. They load another track where the current one was
// removed, or where none was loaded.

import { bringBackQueue } from "./own-snapshots.js";

export class QueueCommands {
  // `own`: the OwnPlayer.
  constructor(own) {
    this.own = own;
  }

  addNext(ids) {
    this.own.queue.playNext(ids);
    this.own.loadFirst();
  }

  addLast(ids) {
    this.own.queue.append(ids);
    this.own.loadFirst();
  }

  insertInQueue(ids, at) {
    this.own.queue.insertAt(ids, at);
    this.own.loadFirst();
  }

  moveInQueue(from, to) {
    this.own.queue.move(from, to);
  }

  moveAllInQueue(indexes, gap) {
    this.own.queue.moveAll(indexes, gap);
  }

  removeFromQueue(index) {
    if (this.own.queue.remove(index)) this.currentIsRemoved();
  }

  removeAllFromQueue(indexes) {
    if (this.own.queue.removeAll(indexes)) this.currentIsRemoved();
  }

  clearQueue() {
    this.own.queue.clear();
  }

  // `kept`: a snapshot; see KeptQueues.
  bringBack(kept, goesOn) {
    bringBackQueue(this.own, kept, goesOn);
  }

  currentIsRemoved() {
    const { own } = this;
    if (own.queue.length) own.startCurrent(own.isPlaying);
    else own.unload();
  }
}
