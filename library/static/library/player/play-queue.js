// What is played, and in which order. Knows ids of tracks and nothing else; a track may be in it
// several times, so each place is an entry of its own.

export class PlayQueue extends EventTarget {
  entries = []; // in the order in which they are played
  ordered = []; // the same entries in the order in which they were put in
  position = -1;
  isShuffled = false;

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
    if (this.isShuffled) this.shuffleAround(this.position);
    this.changed();
  }

  // `ids` become what is around the current track, which goes on: it is number `start` of them.
  surround(ids, start) {
    this.replace(ids, start);
  }

  playNext(ids) {
    this.insert(ids, this.position + 1, this.ordered.indexOf(this.entries[this.position]) + 1);
  }

  append(ids) {
    this.insert(ids, this.entries.length, this.ordered.length);
  }

  insert(ids, at, atOrdered) {
    const added = ids.map((id) => ({ id }));
    this.entries.splice(at, 0, ...added);
    this.ordered.splice(atOrdered, 0, ...added);
    if (this.position < 0 && this.entries.length) this.position = 0;
    this.changed();
  }

  move(from, to) {
    const [entry] = this.entries.splice(from, 1);
    this.entries.splice(to, 0, entry);
    if (this.position === from) this.position = to;
    else if (from < this.position && to >= this.position) this.position -= 1;
    else if (from > this.position && to <= this.position) this.position += 1;
    if (!this.isShuffled) this.ordered = [...this.entries];
    this.changed();
  }

  // Whether it was the current track that was taken out; then the one after it is current.
  remove(index) {
    const [entry] = this.entries.splice(index, 1);
    this.ordered.splice(this.ordered.indexOf(entry), 1);
    const wasCurrent = index === this.position;
    if (index < this.position) this.position -= 1;
    this.position = Math.min(this.position, this.entries.length - 1);
    this.changed();
    return wasCurrent;
  }

  // Keep the current track alone.
  clear() {
    const current = this.entries[this.position];
    this.entries = current ? [current] : [];
    this.ordered = [...this.entries];
    this.position = this.entries.length - 1;
    this.changed();
  }

  jump(index) {
    this.position = index;
    this.changed();
  }

  // The number of what follows, or null at the end of it all. With `isRepeated` there is no end.
  following(isRepeated) {
    if (!this.entries.length) return null;
    if (this.position + 1 < this.entries.length) return this.position + 1;
    return isRepeated ? 0 : null;
  }

  // Go on to what follows. A shuffled queue that begins again is shuffled again: nothing is heard
  // twice before everything was heard once. Returns whether there was anything.
  advance(isRepeated) {
    const next = this.following(isRepeated);
    if (next === null) return false;
    if (next === 0 && this.isShuffled && this.entries.length > 1) this.shuffleAgain();
    this.position = next;
    this.changed();
    return true;
  }

  // Back through what was played. Returns whether there was anything.
  retreat(isRepeated) {
    if (this.position <= 0 && !(isRepeated && this.entries.length)) return false;
    this.position = this.position > 0 ? this.position - 1 : this.entries.length - 1;
    this.changed();
    return true;
  }

  setShuffled(isShuffled) {
    if (this.isShuffled === isShuffled) return;
    this.isShuffled = isShuffled;
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

  shuffleAgain() {
    const last = this.entries[this.entries.length - 1];
    this.entries = shuffled(this.ordered);
    if (this.entries[0] === last) this.entries.push(this.entries.shift());
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
    };
  }

  // What toJSON gave; anything else leaves it empty.
  restore(saved) {
    const ids = Array.isArray(saved?.ids) ? saved.ids.filter(Number.isInteger) : [];
    this.ordered = ids.map((id) => ({ id }));
    const order = Array.isArray(saved?.order) ? saved.order : null;
    this.isShuffled = order !== null;
    this.entries = (order ?? [...ids.keys()]).map((place) => this.ordered[place]).filter(Boolean);
    const isWhole = this.entries.length === this.ordered.length;
    if (!isWhole) this.entries = [...this.ordered];
    const position = Number.isInteger(saved?.position) ? saved.position : 0;
    this.position = Math.min(Math.max(position, this.entries.length ? 0 : -1), this.entries.length - 1);
    this.changed();
  }
}

// Fisher and Yates, as Durstenfeld has it.
const shuffled = (entries) => {
  const mixed = [...entries];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
};
