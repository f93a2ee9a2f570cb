// The queue in the API's format, in which the entries stand in the order of playing.

// From the result of PlayQueue.toJSON.
export const toServer = ({ ids, order, position, isHandMade }) => ({
  track_ids: order ? order.map((place) => ids[place]) : ids,
  original: order,
  index: Math.max(0, position),
  is_made_by_hand: isHandMade,
});

// To what PlayQueue.restore takes.
export const fromServer = ({ track_ids: played, original, index, is_made_by_hand: isHandMade }) => {
  const ids = [...played];
  original?.forEach((place, at) => {
    ids[place] = played[at];
  });
  return { ids, order: original, position: played.length ? index : -1, isHandMade };
};

// Whether two queues in the API's format have the same entries, wherever they stand in them.
export const isSameContents = (one, other) =>
  one.is_made_by_hand === other.is_made_by_hand &&
  isSame(one.track_ids, other.track_ids) &&
  isSame(one.original ?? [], other.original ?? []);

const isSame = (one, other) => one.length === other.length && one.every((value, place) => value === other[place]);
