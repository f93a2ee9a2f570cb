// The entries of a PlayQueue: puts some in, moves, removes and finds them. The current entry remains
// that one, wherever it comes to stand, and the order without shuffle changes too.

// `at`: the index in the order of playing, `atOrdered` that in the order without shuffle.
export const insertEntries = (queue, ids, at, atOrdered) => {
  const added = ids.map((id) => ({ id }));
  const { entries, ordered } = queue;
  // Not with splice, which takes each entry as an argument: there may be too many for a call.
  queue.entries = [...entries.slice(0, at), ...added, ...entries.slice(at)];
  queue.ordered = [...ordered.slice(0, atOrdered), ...added, ...ordered.slice(atOrdered)];
  if (queue.position < 0 && queue.entries.length) queue.position = 0;
  else if (at <= queue.position) queue.position += added.length;
};

export const moveEntry = (queue, from, to) => {
  const { entries, position } = queue;
  const [entry] = entries.splice(from, 1);
  entries.splice(to, 0, entry);
  if (position === from) queue.position = to;
  else if (from < position && to >= position) queue.position -= 1;
  else if (from > position && to <= position) queue.position += 1;
  if (!queue.isShuffled) queue.ordered = [...entries];
};

// Returns the new index of the first of them.
export const moveEntries = (queue, indexes, gap) => {
  const current = queue.entries[queue.position];
  const moved = indexes.map((index) => queue.entries[index]);
  const isMoved = new Set(moved);
  const stays = (entry) => !isMoved.has(entry);
  const before = queue.entries.slice(0, gap).filter(stays);
  queue.entries = [...before, ...moved, ...queue.entries.slice(gap).filter(stays)];
  queue.position = queue.entries.indexOf(current);
  if (!queue.isShuffled) queue.ordered = [...queue.entries];
  return before.length;
};

// Returns whether the current entry was removed; then the next one is current.
export const removeEntry = (queue, index) => {
  const [entry] = queue.entries.splice(index, 1);
  queue.ordered.splice(queue.ordered.indexOf(entry), 1);
  const wasCurrent = index === queue.position;
  if (index < queue.position) queue.position -= 1;
  queue.position = Math.min(queue.position, queue.entries.length - 1);
  return wasCurrent;
};

// Returns whether the current entry was one of them; then the first remaining one after it is
// current.
export const removeEntries = (queue, indexes) => {
  const removed = new Set(indexes.map((index) => queue.entries[index]));
  const stays = (entry) => !removed.has(entry);
  const wasCurrent = removed.has(queue.entries[queue.position]);
  const stayBefore = queue.entries.slice(0, Math.max(0, queue.position)).filter(stays).length;
  queue.entries = queue.entries.filter(stays);
  queue.ordered = queue.ordered.filter(stays);
  queue.position = Math.min(stayBefore, queue.entries.length - 1);
  return wasCurrent;
};

// Put `id` after the current entry and make it current; or into the current entry, if that came in this
// way too.
export const visitEntry = (queue, id) => {
  const current = queue.entries[queue.position];
  if (current && current === queue.visitor) {
    current.id = id;
    return;
  }
  const [at, atOrdered] = [queue.position + 1, queue.ordered.indexOf(current) + 1];
  queue.visitor = { id };
  queue.entries.splice(at, 0, queue.visitor);
  queue.ordered.splice(atOrdered, 0, queue.visitor);
  queue.position = at;
};

// The index of the entry with this id that is nearest to the current one; -1 if there is none.
export const nearestEntry = ({ entries, position }, id) => {
  let found = -1;
  entries.forEach((entry, index) => {
    const isNearer = found < 0 || Math.abs(index - position) < Math.abs(found - position);
    if (entry.id === id && isNearer) found = index;
  });
  return found;
};
