// The play queue as it is saved in the browser and handed to other tabs, and back. `queue-contents`
// has it as the server knows it.

export const savedQueue = ({ ordered, entries, isShuffled, position, isHandMade, isOver, visitor }) => {
  const places = new Map(ordered.map((entry, index) => [entry, index]));
  return {
    ids: ordered.map((entry) => entry.id),
    order: isShuffled ? entries.map((entry) => places.get(entry)) : null,
    position,
    isHandMade,
    isOver,
    visitor: places.get(visitor) ?? null,
  };
};

// The fields of the PlayQueue that was saved; those of an empty one from anything else.
export const queueOf = (saved) => {
  const ids = Array.isArray(saved?.ids) ? saved.ids.filter(isId) : [];
  const ordered = ids.map((id) => ({ id }));
  const order = Array.isArray(saved?.order) ? saved.order : null;
  return {
    ordered,
    entries: inOrder(ordered, order),
    isShuffled: order !== null,
    position: positionIn(ids.length, saved?.position),
    isHandMade: saved?.isHandMade === true,
    isOver: saved?.isOver === true,
    visitor: ordered[saved?.visitor] ?? null,
  };
};

// Without shuffle where the order does not have each entry once.
const inOrder = (ordered, order) => {
  const entries = (order ?? [...ordered.keys()]).map((place) => ordered[place]).filter(Boolean);
  const isWhole = entries.length === ordered.length && new Set(entries).size === ordered.length;
  return isWhole ? entries : [...ordered];
};

const positionIn = (length, saved) => {
  const position = Number.isInteger(saved) ? saved : 0;
  return Math.min(Math.max(position, length ? 0 : -1), length - 1);
};

const isId = (value) => Number.isSafeInteger(value) && value > 0;
