// The play queue: which tracks are played, and in which order. It knows only the ids of tracks. A
// track may be in the queue several times, so each place is an entry object of its own.

import { insertEntries, moveEntries, moveEntry, nearestEntry, removeEntries, removeEntry, visitEntry } from "./queue-entries.js";
import { queueOf, savedQueue } from "./saved-queue.js";
import { shuffledFrom, ShuffleRounds } from "./shuffle-rounds.js";

export class PlayQueue extends EventTarget {
  entries = []; // in the order of playing
  ordered = []; // the same entries in the order without shuffle
  position = -1; // the index of the current entry
  isShuffled = false;
  rounds = new ShuffleRounds(); // forgotten when the order changes
  isHandMade = false; // whether the user added, moved or removed entries
  isOver = false; // whether the last track was played to its end
  visitor = null; // the entry of a track that another browser played; see `visit`

  get currentId() {
    return this.entries[this.position]?.id ?? null;
  }

  get length() {
    return this.entries.length;
  }

  // Replace the queue by `ids`; number `start` becomes the current track.
  replace(ids, start = 0) {
    this.ordered = ids.map((id) => ({ id }));
    this.entries = [...this.ordered];
    this.position = ids.length ? Math.min(Math.max(0, start), ids.length - 1) : -1;
    this.isHandMade = false;
    this.rounds.forget();
    if (this.isShuffled) this.shuffleAround(this.position);
    this.changed();
  }

  playNext(ids) {
    this.insert(ids, this.position + 1, this.ordered.indexOf(this.entries[this.position]) + 1);
  }

  // Before the entry that is now number `at`.
  insertAt(ids, at) {
    const next = this.entries[at];
    this.insert(ids, at, next ? this.ordered.indexOf(next) : this.ordered.length);
  }

  append(ids) {
    this.insert(ids, this.entries.length, this.ordered.length);
  }

  insert(ids, at, atOrdered) {
    insertEntries(this, ids, at, atOrdered);
    this.changedByHand();
  }

  move(from, to) {
    moveEntry(this, from, to);
    this.changedByHand();
  }

  // Move the entries at `indexes`, in their order, before the entry that is now number `gap`.
  // Returns the new index of the first of them.
  moveAll(indexes, gap) {
    const first = moveEntries(this, indexes, gap);
    this.changedByHand();
    return first;
  }

  // Remove the entries at `indexes`. Returns whether the current track was one of them; then the
  // first remaining entry after it becomes current.
  removeAll(indexes) {
    const wasCurrent = removeEntries(this, indexes);
    this.changedByHand();
    return wasCurrent;
  }

  // Remove the entry at `index`. Returns whether it was the current track; then the next one
  // becomes current.
  remove(index) {
    const wasCurrent = removeEntry(this, index);
    this.changedByHand();
    return wasCurrent;
  }

  // Remove all entries but the current one.
  clear() {
    const current = this.entries[this.position];
    this.entries = current ? [current] : [];
    this.ordered = [...this.entries];
    this.position = this.entries.length - 1;
    this.isHandMade = false;
    this.rounds.forget();
    this.changed();
  }

  // Insert `id`, a track that another browser played, after the current entry, and make it current.
  // If the current entry came in this way too, `id` replaces it, so that the queue does not keep
  // growing.
  visit(id) {
    visitEntry(this, id);
    this.rounds.forget();
    this.changed();
  }

  // Make the entry at `index` current. In a shuffled queue the entries before it are still to come.
  jump(index) {
    if (this.isShuffled && index > this.position + 1) {
      const [entry] = this.entries.splice(index, 1);
      this.position += 1;
      this.entries.splice(this.position, 0, entry);
      this.rounds.forget();
    } else {
      this.position = index;
    }
    this.changed();
  }

  // The entry at `index` is current, whatever the order: another browser or tab says so.
  standAt(index) {
    if (index === this.position || !(index in this.entries)) return;
    this.position = index;
    this.changed();
  }

  // The index of the entry with this id that is nearest to the current one; -1 if there is none.
  nearest(id) {
    return nearestEntry(this, id);
  }

  // The index of the next entry; null at the end. With `isRepeated` the first entry follows the
  // last.
  following(isRepeated) {
    if (!this.entries.length) return null;
    if (this.position + 1 < this.entries.length) return this.position + 1;
    return isRepeated ? 0 : null;
  }

  // The id of the next track, or null.
  upcomingId(isRepeated) {
    const next = this.following(isRepeated);
    if (next === null) return null;
    if (!this.isNextRound(next)) return this.entries[next].id;
    return this.rounds.after(this.entries, this.ordered)[0].id;
  }

  isNextRound(next) {
    return next === 0 && this.isShuffled && this.entries.length > 1;
  }

  // Go to the next entry. A shuffled queue that starts again is shuffled again, so that each track
  // plays once in each round. Returns false if there is no next entry.
  advance(isRepeated) {
    const next = this.following(isRepeated);
    if (next === null) return false;
    if (this.isNextRound(next)) this.entries = this.rounds.goOn(this.entries, this.ordered);
    this.position = next;
    this.changed();
    return true;
  }

  // Go to the previous entry. Returns false if there is none.
  retreat(isRepeated) {
    if (this.position > 0) this.position -= 1;
    else if (this.rounds.earlier) this.goBackARound();
    else if (isRepeated && this.entries.length && !this.isShuffled) this.position = this.entries.length - 1;
    else return false;
    this.changed();
    return true;
  }

  setShuffled(isShuffled) {
    if (this.isShuffled === isShuffled) return;
    this.isShuffled = isShuffled;
    this.rounds.forget();
    if (isShuffled) {
      this.shuffleAround(this.position);
    } else {
      const current = this.entries[this.position];
      this.entries = [...this.ordered];
      this.position = this.entries.indexOf(current);
    }
    this.changed();
  }

  // Put the current track first and all others after it in random order.
  shuffleAround(position) {
    const current = this.entries[position];
    if (!current) return;
    this.entries = shuffledFrom(current, this.ordered);
    this.position = 0;
  }

  goBackARound() {
    this.entries = this.rounds.goBack(this.entries);
    this.position = this.entries.length - 1;
  }

  changedByHand() {
    this.isHandMade = true;
    this.rounds.forget();
    this.changed();
  }

  // Tracks were joined with others: `living` is a Map from their ids to those of the others. The
  // entries take these ids in place, in all rounds. Returns whether any entry did.
  replaceIds(living) {
    const entries = new Set([...this.ordered, ...this.entries, ...this.rounds.entries]);
    const replaced = [...entries].filter(({ id }) => living.has(id));
    for (const entry of replaced) entry.id = living.get(entry.id);
    if (replaced.length) this.changed();
    return replaced.length > 0;
  }

  setOver(isOver) {
    if (this.isOver === isOver) return;
    this.isOver = isOver;
    this.changed();
  }

  changed() {
    this.dispatchEvent(new Event("change"));
  }

  // The form in which it is saved.
  toJSON() {
    return savedQueue(this);
  }

  // Restore the result of toJSON. Anything else makes the queue empty.
  restore(saved) {
    Object.assign(this, queueOf(saved));
    this.rounds.forget();
    this.changed();
  }
}
