// What is played, and in which order. Knows ids of tracks and nothing else; a track may be in it
// several times, so each place is an entry of its own.

export class PlayQueue extends EventTarget {
  entries = []; // in the order in which they are played
  ordered = []; // the same entries in the order in which they were put in
  position = -1;
  isShuffled = false;
  earlier = null; // the order of the round before, where a shuffled queue began again
  later = null; // that of the round after this one, where it is known already
  isHandMade = false; // whether somebody added, moved or removed entries since it was replaced
  isOver = false; // whether its last track was played to the end
  visitor = null; // the entry of a track that another browser played, see `visit`

  get currentId() {
    return this.entries[this.position]?.id ?? null;
  }

  get length() {
    return this.entries.length;
  }

  // Play `ids` from number `start` on, instead of what was there.
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

  append(ids) {
    this.insert(ids, this.entries.length, this.ordered.length);
  }

  insert(ids, at, atOrdered) {
    const added = ids.map((id) => ({ id }));
    // Not by splice: it takes each as an argument, and there may be more than a call can have.
    this.entries = [...this.entries.slice(0, at), ...added, ...this.entries.slice(at)];
    this.ordered = [...this.ordered.slice(0, atOrdered), ...added, ...this.ordered.slice(atOrdered)];
    if (this.position < 0 && this.entries.length) this.position = 0;
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

  // Put the entries at `indexes` together before what is now number `gap`, in the order they have.
  // Returns the number of the first of them.
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

  // Take out the entries at `indexes`. Returns whether the current track was one of them; then the
  // first one after it that stays is current.
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

  // Whether it was the current track that was taken out; then the one after it is current.
  remove(index) {
    const [entry] = this.entries.splice(index, 1);
    this.ordered.splice(this.ordered.indexOf(entry), 1);
    const wasCurrent = index === this.position;
    if (index < this.position) this.position -= 1;
    this.position = Math.min(this.position, this.entries.length - 1);
    this.changedByHand();
    return wasCurrent;
  }

  // Keep the current track alone.
  clear() {
    const current = this.entries[this.position];
    this.entries = current ? [current] : [];
    this.ordered = [...this.entries];
    this.position = this.entries.length - 1;
    this.isHandMade = false;
    this.forgetRounds();
    this.changed();
  }

  // Make `id`, a track that is not in the queue, the current one: it stands after the one that was.
  // If that one had come in the same way, the new track takes its place, so that the queue does not grow
  // with each visit.
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

  // In a shuffled queue what is jumped over is still to come.
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

  // The number of what follows, or null at the end of it all. With `isRepeated` there is no end.
  following(isRepeated) {
    if (!this.entries.length) return null;
    if (this.position + 1 < this.entries.length) return this.position + 1;
    return isRepeated ? 0 : null;
  }

  // The id of what follows, or null.
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

  // Go on to what follows. A shuffled queue that begins again is shuffled again: nothing is heard
  // twice before everything was heard once. Returns whether there was anything.
  advance(isRepeated) {
    const next = this.following(isRepeated);
    if (next === null) return false;
    if (this.isNextRound(next)) this.beginNextRound();
    this.position = next;
    this.changed();
    return true;
  }

  // Back through what was played. Returns whether there was anything.
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

  // The current track first, all others after it in random order.
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

  // No track twice in a row.
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

  // What toJSON gave; anything else leaves it empty.
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

// Fisher and Yates, as Durstenfeld has it.
const shuffled = (entries) => {
  const mixed = [...entries];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
};
