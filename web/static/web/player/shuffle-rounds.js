// The rounds of a shuffled queue: each one plays all entries once, in an order of its own. The round
// before the present one and the round after it are kept, so that the way back is the way that was
// heard, and the next track is known before it begins.

export class ShuffleRounds {
  earlier = null; // the entries of the previous round, if the queue has started again
  later = null; // the entries of the next round, if they are known already

  get entries() {
    return [...(this.earlier ?? []), ...(this.later ?? [])];
  }

  // The round after `present`. `ordered` has its entries in the order without shuffle.
  after(present, ordered) {
    this.later ??= nextRound(present, ordered);
    return this.later;
  }

  // `present` is over. Returns the round after it.
  goOn(present, ordered) {
    const next = this.after(present, ordered);
    this.earlier = present;
    this.later = null;
    return next;
  }

  // Returns the round before `present`, which follows it again then.
  goBack(present) {
    const previous = this.earlier;
    this.later = present;
    this.earlier = null;
    return previous;
  }

  forget() {
    this.earlier = null;
    this.later = null;
  }
}

// A new random order. It does not start with the track that has just ended.
const nextRound = (present, ordered) => {
  const round = shuffled(ordered);
  if (round[0] === present.at(-1)) round.push(round.shift());
  return round;
};

// This entry first and all others after it in random order.
export const shuffledFrom = (first, ordered) => [first, ...shuffled(ordered.filter((entry) => entry !== first))];

// Fisher-Yates shuffle, in Durstenfeld's version.
const shuffled = (entries) => {
  const mixed = [...entries];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = Math.floor(Math.random() * (last + 1));
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
};
