// The library has changed: what a list shows is fetched again, and nothing in sight moves but what
// must, wherever rows came or went.

const NEAR_ITEMS = 100;

// `list`: a WindowedList of PagedRows. `allPlaces()`, where there is such a thing, gives the place of
// each item of the whole list by its id. Returns the places of those that are near.
export const refreshInPlace = async (list, allPlaces = null) => {
  const { source, scroller } = list;
  const { first, last } = list.inSight();
  const marks = scroller.scrollTop > 0 ? idsOf(source, first, last) : [];
  let news = await source.lookAhead(first - NEAR_ITEMS, last + NEAR_ITEMS);
  let steps = stepsOf(marks, news.places);
  if (steps === null && allPlaces && marks.length) {
    steps = stepsOf(marks, await allPlaces());
    if (steps) news = await source.lookAhead(first + steps - NEAR_ITEMS, last + steps + NEAR_ITEMS);
  }
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

// By how much the first of the marks that is still there has moved; null where none is.
const stepsOf = (marks, places) => {
  const mark = marks.find(({ id }) => places.has(id));
  return mark ? places.get(mark.id) - mark.index : null;
};
