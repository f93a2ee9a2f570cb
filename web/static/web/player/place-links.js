// The navigation links to tracks, albums, artists and what else is browsed by. A link leads to the list as the user left it,
// with its search, filters and order. The link of the present list removes its search and filters.

import { storageName } from "./addresses.js";
import { addressOf } from "./router.js";

const KEY = storageName("mus-places");

export class PlaceLinks {
  constructor(links) {
    this.links = [...links];
    this.left = stored();
  }

  show(place) {
    const isList = place !== null && place.id === null;
    if (isList) this.remember(place);
    for (const link of this.links) {
      const view = link.dataset.place;
      const { sort, seed, ...filters } = this.left[view] ?? {};
      const isHere = isList && view === place.view;
      if (link.matches("a")) link.setAttribute("href", addressOf(view, null, { ...(!isHere && filters), sort, seed }));
      const isOf = [view, ...(link.dataset.with ?? "").split(" ")];
      if (isOf.includes(place?.view)) link.setAttribute("aria-current", "page");
      else link.removeAttribute("aria-current");
    }
  }

  remember({ view, query }) {
    this.left[view] = Object.fromEntries(query);
    try {
      sessionStorage.setItem(KEY, JSON.stringify(this.left));
    } catch {
      // There is no storage: the links remember the lists until the page is closed.
    }
  }
}

const stored = () => {
  try {
    return JSON.parse(sessionStorage.getItem(KEY)) ?? {};
  } catch {
    return {};
  }
};
