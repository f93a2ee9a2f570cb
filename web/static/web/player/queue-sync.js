// Keeps the queue of this browser and that of the server the same. A change here is sent within a
// second. If another browser changed the queue too, the server decides: the later change wins, and
// the other queue becomes an earlier one.
//
// Two rules make this sound:
// 1. There is one exchange with the server at a time, so that no answer is older than what is known.
// 2. Each change made here has a time of its own, `changedAt`. An answer of the server settles the
//    queue, or replaces it, only if `changedAt` is the one that it was when the request was sent. Else
//    the queue was changed meanwhile, and is sent again.

import { ApiError, get, send } from "./api.js";
import { QueueBase } from "./queue-base.js";
import { fromServer, isSameContents, toServer } from "./queue-contents.js";
import { QueueLeft } from "./queue-left.js";

const PATH = "player/queue";
const QUIET_MS = 300;
const EVERY_MS = 1000;
const REFUSED = [400, 413, 415, 422]; // to send the same again would be refused again

export class QueueSync {
  // `device`: the key of this browser. `isOurs()`: whether this tab may change what the server has.
  // `isLoading()`: whether the page takes its queue from another tab, or as this browser kept it.
  // `take(saved, body)` replaces the queue of the page by another browser's: `saved` is for
  // PlayQueue.restore, `body` the server's answer. `position()`: the seconds in the current track, or
  // null if that is not loaded here. `arrived(place)` is called when the server has taken this queue,
  // with the place in it, in the format of player/state: the server's state is at that place now.
  constructor({ user, queue, device, isOurs, isLoading, take, position, arrived }) {
    Object.assign(this, { queue, device, isOurs, isLoading, take, position, arrived });
    this.base = new QueueBase(user);
    this.known = null; // `{ number, contents }`: what the server has; null while that is uncertain
    this.latest = null; // the contents of the queue here, as `changed` saw them last
    this.left = new QueueLeft();
    this.pushes = 0;
    this.exchange = Promise.resolve(); // the last one that was begun or waits
    queue.addEventListener("change", () => this.changed());
  }

  get contents() {
    return toServer(this.queue.toJSON());
  }

  // The place in the server's queue at which this browser is, in the format of player/state; empty
  // if it is not known there.
  place(trackId) {
    const { number, changedAt } = this.base.stored;
    if (!number || changedAt !== null || this.queue.currentId !== trackId || trackId === null) return {};
    return { queue_number: number, queue_index: this.queue.position };
  }

  // The queue has changed, or only the place in it.
  changed() {
    if (this.isTaking) return;
    const { contents, latest } = this;
    this.latest = contents;
    if (this.isLoading()) this.loaded();
    else if (this.isOurs() && !(latest && isSameContents(contents, latest))) this.changedHere();
  }

  loaded() {
    this.left.forget();
    const { number, changedAt } = this.base.stored;
    if (changedAt === null) this.known = { number, contents: this.latest };
  }

  changedHere() {
    const { known, latest, base } = this;
    if (known?.number === base.stored.number && isSameContents(latest, known.contents)) {
      base.undone();
      this.left.forget();
      return;
    }
    base.changed();
    this.pushSoon();
  }

  pushSoon() {
    if (this.waiting) return;
    const since = performance.now() - (this.pushedAt ?? -EVERY_MS);
    this.waiting = setTimeout(() => this.push(), Math.max(QUIET_MS, EVERY_MS - since));
  }

  // The queue of `before`, a snapshot of KeptQueues, was replaced. Where another tab's queue is, that one sends it.
  replaced(before) {
    if (this.isOurs()) this.left.keep(before);
    this.base.keepEarlier();
  }

  // The page was loaded, with the queue that this browser had last.
  begin() {
    return this.pull();
  }

  // Send the queue if it has changed. Resolves once the server has it, or cannot be reached.
  async push() {
    clearTimeout(this.waiting);
    this.waiting = null; // also if an exchange that was under way has sent the change
    if (this.base.isChanged) await this.meet().catch(() => null); // away: when it is back, `pull` follows
  }

  // The server may have another queue. Resolves once this browser has the same.
  pull() {
    this.isAsking = true;
    return this.meet();
  }

  // Another browser's change has this number; null if there may be any.
  async hear(number) {
    await this.exchange; // may have brought it
    if (number === null || number > (this.known?.number ?? 0)) await this.pull();
  }

  // Begin an exchange with the server when the present one is over. Whoever calls meanwhile waits for
  // the same one.
  meet() {
    this.next ??= this.exchange.then(() => {
      this.next = null;
      return this.meetNow();
    });
    this.exchange = this.next.catch(() => null);
    return this.next;
  }

  async meetNow() {
    const { isAsking } = this;
    this.isAsking = false;
    clearTimeout(this.waiting);
    this.waiting = null;
    if (!this.isOurs()) return;
    if (!this.hasBegun) await this.meetFirst();
    else if (this.base.isChanged) await this.sendQueue();
    else if (isAsking) await this.takeServers(null);
  }

  async meetFirst() {
    const { body } = await get(PATH);
    if (!this.isOurs()) return;
    this.hasBegun = true;
    const { number, changedAt } = this.base.stored;
    const isFromBefore = (number === null || !body.number) && this.queue.length > 0;
    if (isSameContents(this.contents, body)) this.settle(body);
    else if (changedAt !== null) await this.sendQueue();
    else if (isFromBefore) await this.offer(body);
    else this.accept(body);
  }

  // This browser's queue is from before the server kept them, or the server has lost its own. It is
  // current if the server has none, else it becomes an earlier one.
  async offer(body) {
    this.base.store({ number: 0, changedAt: body.number ? 0 : Date.now() });
    await this.sendQueue();
  }

  async sendQueue() {
    const { known } = this;
    this.known = null; // what the server has is uncertain until the answer is here
    if (!(await this.left.send(known, this.base, this.device))) return; // away: see below
    const { contents } = this;
    const { changedAt } = this.base.stored;
    this.pushedAt = performance.now();
    this.pushes += 1;
    try {
      const given = { ...contents, position_s: this.position(), ...this.base.toSend(), device: this.device };
      const { currentId } = this.queue;
      const saved = await send("PUT", PATH, given);
      if (saved.is_current) {
        this.sent(saved.number, contents, changedAt);
        this.arrived({
          current_track_id: currentId,
          progress_seconds: given.position_s,
          queue_number: saved.number,
          queue_index: given.index,
        });
      }
      else await this.takeServers(changedAt);
    } catch (error) {
      if (error instanceof ApiError && REFUSED.includes(error.status)) this.refused(known, changedAt);
      // Else the server is away: when it is back, `pull` sends the change.
    }
  }

  // The server has these contents now, which were those of the change at `changedAt`.
  sent(number, contents, changedAt) {
    this.known = { number, contents };
    this.base.sent(number);
    this.settleChange(changedAt);
  }

  // `known`: what the server has still.
  refused(known, changedAt) {
    this.known = known;
    this.settleChange(changedAt);
  }

  settleChange(changedAt) {
    if (!this.base.settleChange(changedAt)) this.pushSoon();
  }

  // Get the server's queue, and take it unless this one has another change than that at `changedAt`:
  // then this one is the later. It is still based on the queue that it was made from, so that the
  // server keeps the other one.
  async takeServers(changedAt) {
    const { body } = await get(PATH);
    if (!this.isOurs()) return;
    if (this.base.stored.changedAt !== changedAt) this.pushSoon();
    else if (body.number !== this.known?.number) this.accept(body);
  }

  accept(body) {
    this.settle(body);
    if (isSameContents(this.contents, body)) return;
    this.isTaking = true;
    try {
      this.take(fromServer(body), body);
    } finally {
      this.isTaking = false;
    }
    this.changed(); // what plays here may have been put into it
  }

  settle(body) {
    this.left.forget();
    this.known = { number: body.number, contents: body };
    this.latest = body;
    this.base.settle(body.number);
  }
}
