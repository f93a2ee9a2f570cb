// The play queue: which tracks are played, and in which order. It knows only the ids of tracks. A
// track may be in the queue several times, so each place is an entry object of its own.

export class PlayQueue extends EventTarget {
  entries = []; // in the order of playing
  ordered = []; // the same entries in the order without shuffle
  position = -1; // the index of the current entry
  isShuffled = false;
  earlier = null; // the entries of the previous round, if a shuffled queue has started again
  later = null; // the entries of the next round, if they are known already
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
    this.forgetRounds();
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
    const added = ids.map((id) => ({ id }));
    // Not with splice, which takes each entry as an argument: there may be too many for a call.
    this.entries = [...this.entries.slice(0, at), ...added, ...this.entries.slice(at)];
    this.ordered = [...this.ordered.slice(0, atOrdered), ...added, ...this.ordered.slice(atOrdered)];
    if (this.position < 0 && this.entries.length) this.position = 0;
    else if (at <= this.position) this.position += added.length;
    this.changedByHand();
  }

  move(from, to) {
    const [entry] = this.entries.splice(from, 1);
    this.entries.splice(to, 0, entry);
    if (this.position === from) this.position = to;
    else if (from < this.position && to >= this.position) this.position -= 1;
    else if (from > this.position && to <= this.position) this.position += 1;
    if (!this.isShuffled) this.ordered = [...this.entries];
    this.changedByHand();
  }

  // Move the entries at `indexes`, in their order, before the entry that is now number `gap`.
  // Returns the new index of the first of them.
  moveAll(indexes, gap) {
    const current = this.entries[this.position];
    const moved = indexes.map((index) => this.entries[index]);
    const stays = (entry) => !isMoved.has(entry);
    const isMoved = new Set(moved);
    const before = this.entries.slice(0, gap).filter(stays);
    this.entries = [...before, ...moved, ...this.entries.slice(gap).filter(stays)];
    this.position = this.entries.indexOf(current);
    if (!this.isShuffled) this.ordered = [...this.entries];
    this.changedByHand();
    return before.length;
  }

  // Remove the entries at `indexes`. Returns whether the current track was one of them; then the
  // first remaining entry after it becomes current.
  removeAll(indexes) {
    const removed = new Set(indexes.map((index) => this.entries[index]));
    const stays = (entry) => !removed.has(entry);
    const wasCurrent = removed.has(this.entries[this.position]);
    const stayBefore = this.entries.slice(0, Math.max(0, this.position)).filter(stays).length;
    this.entries = this.entries.filter(stays);
    this.ordered = this.ordered.filter(stays);
    this.position = Math.min(stayBefore, this.entries.length - 1);
    this.changedByHand();
    return wasCurrent;
  }

  // Remove the entry at `index`. Returns whether it was the current track; then the next one
  // becomes current.
  remove(index) {
    const [entry] = this.entries.splice(index, 1);
    this.ordered.splice(this.ordered.indexOf(entry), 1);
    const wasCurrent = index === this.position;
    if (index < this.position) this.position -= 1;
    this.position = Math.min(this.position, this.entries.length - 1);
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
    this.forgetRounds();
    this.changed();
  }

  // Insert `id`, a track that another browser played, after the current entry, and make it current.
  // If the current entry came in this way too, `id` replaces it, so that the queue does not keep
  // growing.
  visit(id) {
    const current = this.entries[this.position];
    if (current && current === this.visitor) {
      current.id = id;
    } else {
      const [at, atOrdered] = [this.position + 1, this.ordered.indexOf(current) + 1];
      this.visitor = { id };
      this.entries.splice(at, 0, this.visitor);
      this.ordered.splice(atOrdered, 0, this.visitor);
      this.position = at;
    }
    this.forgetRounds();
    this.changed();
  }

  // Make the entry at `index` current. In a shuffled queue the entries before it are still to come.
  jump(index) {
    if (this.isShuffled && index > this.position + 1) {
      const [entry] = this.entries.splice(index, 1);
      this.position += 1;
      this.entries.splice(this.position, 0, entry);
      this.forgetRounds();
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
    let found = -1;
    this.entries.forEach((entry, index) => {
      const isNearer = found < 0 || Math.abs(index - this.position) < Math.abs(found - this.position);
      if (entry.id === id && isNearer) found = index;
    });
    return found;
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
    this.later ??= this.nextRound();
    return this.later[0].id;
  }

  isNextRound(next) {
    return next === 0 && this.isShuffled && this.entries.length > 1;
  }

  // Go to the next entry. A shuffled queue that starts again is shuffled again, so that each track
  // plays once in each round. Returns false if there is no next entry.
  advance(isRepeated) {
    const next = this.following(isRepeated);
    if (next === null) return false;
    if (this.isNextRound(next)) this.beginNextRound();
    this.position = next;
    this.changed();
    return true;
  }

  // Go to the previous entry. Returns false if there is none.
  retreat(isRepeated) {
    if (this.position > 0) this.position -= 1;
    else if (this.earlier) this.goBackARound();
    else if (isRepeated && this.entries.length && !this.isShuffled) this.position = this.entries.length - 1;
    else return false;
    this.changed();
    return true;
  }

  setShuffled(isShuffled) {
    if (this.isShuffled === isShuffled) return;
    this.isShuffled = isShuffled;
    this.forgetRounds();
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
    const others = shuffled(this.ordered.filter((entry) => entry !== current));
    this.entries = [current, ...others];
    this.position = 0;
  }

  beginNextRound() {
    const round = this.later ?? this.nextRound();
    this.earlier = this.entries;
    this.later = null;
    this.entries = round;
  }

  // A new random order. It does not start with the track that has just ended.
  nextRound() {
    const round = shuffled(this.ordered);
    if (round[0] === this.entries.at(-1)) round.push(round.shift());
    return round;
  }

  goBackARound() {
    this.later = this.entries;
    this.entries = this.earlier;
    this.earlier = null;
    this.position = this.entries.length - 1;
  }

  changedByHand() {
    this.isHandMade = true;
    this.forgetRounds();
    this.changed();
  }

  forgetRounds() {
    this.earlier = null;
    this.later = null;
  }

  // Tracks were joined with others: `living` is a Map from their ids to those of the others. The
  // entries take these ids in place, in all rounds. Returns whether any entry did.
  replaceIds(living) {
    const entries = new Set([...this.ordered, ...this.entries, ...(this.earlier ?? []), ...(this.later ?? [])]);
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

  toJSON() {
    const places = new Map(this.ordered.map((entry, index) => [entry, index]));
    return {
      ids: this.ordered.map((entry) => entry.id),
      order: this.isShuffled ? this.entries.map((entry) => places.get(entry)) : null,
      position: this.position,
      isHandMade: this.isHandMade,
      isOver: this.isOver,
      visitor: places.get(this.visitor) ?? null,
    };
  }

  // Restore the result of toJSON. Anything else makes the queue empty.
  restore(saved) {
    const ids = Array.isArray(saved?.ids) ? saved.ids.filter(isId) : [];
    this.ordered = ids.map((id) => ({ id }));
    const order = Array.isArray(saved?.order) ? saved.order : null;
    this.isShuffled = order !== null;
    this.entries = (order ?? [...ids.keys()]).map((place) => this.ordered[place]).filter(Boolean);
    const isWhole = this.entries.length === ids.length && new Set(this.entries).size === ids.length;
    if (!isWhole) this.entries = [...this.ordered];
    this.forgetRounds();
    this.isHandMade = saved?.isHandMade === true;
    this.isOver = saved?.isOver === true;
    this.visitor = this.ordered[saved?.visitor] ?? null;
    const position = Number.isInteger(saved?.position) ? saved.position : 0;
    this.position = Math.min(Math.max(position, this.entries.length ? 0 : -1), this.entries.length - 1);
    this.changed();
  }
}

const isId = (value) => Number.isSafeInteger(value) && value > 0;

// Fisher-Yates shuffle, in Durstenfeld's version.
const shuffled = (entries) => {
  const mixed = [...entries];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
};
