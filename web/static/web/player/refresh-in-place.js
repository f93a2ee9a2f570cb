// Reloads a list after the library has changed, and scrolls so that the visible rows stay where
// they are, even if rows above them came or went.

const NEAR_ITEMS = 100;

// `list`: a WindowedList of PagedRows. `allPlaces()` (optional) returns a Map from the id of each
// item of the whole list to its index. Returns such a Map of the items near the visible ones; null if
// `isOutdated()` (optional) says, once they are loaded, that the list has been changed here meanwhile.
export const refreshInPlace = async (list, allPlaces = null, isOutdated = () => false) => {
  const { source, scroller } = list;
  const { first, last } = list.inSight();
  const marks = scroller.scrollTop > 0 ? idsOf(source, first, last) : [];
  let news = await source.loadAround(first - NEAR_ITEMS, last + NEAR_ITEMS);
  let steps = stepsOf(marks, news.places);
  if (steps === null && allPlaces && marks.length) {
    steps = stepsOf(marks, await allPlaces());
    if (steps) news = await source.loadAround(first + steps - NEAR_ITEMS, last + steps + NEAR_ITEMS);
  }
  if (isOutdated()) return null;
  if (list.hasEnded) return news.places;
  const focused = source.row(list.focusedIndex())?.id;
  source.replace(news);
  if (steps) list.shift(steps);
  if (focused !== undefined) list.focus(news.places.get(focused));
  return news.places;
};

const idsOf = (source, first, last) => {
  const marks = [];
  for (let index = first; index <= last; index += 1) {
    const id = source.row(index)?.id;
    if (id !== undefined) marks.push({ id, index });
  }
  return marks;
};

// By how many places the first remaining of the marks has moved; null if none remains.
const stepsOf = (marks, places) => {
  const mark = marks.find(({ id }) => places.has(id));
  return mark ? places.get(mark.id) - mark.index : null;
};
