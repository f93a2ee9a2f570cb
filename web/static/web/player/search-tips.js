// The tips for searching, which fold away, and the recent searches.

import { storageName } from "./addresses.js";
import { element } from "./element.js";
import { forgetSearches, recentSearches } from "./recent-searches.js";
import { addressOf } from "./router.js";
import { tips } from "./search-words.js";
import { read, write } from "./storage.js";
import { gettext } from "./translation.js";

const FOLDED = storageName("mus-search-tips-folded");

// Open while nothing is searched, unless the user has folded them; else closed until the user opens
// them. `insert(text)` puts an operator into the search field.
export class SearchTips {
  constructor(insert) {
    const row = ([example, words]) =>
      element("li", {}, element("button", { type: "button", class: "small", on: { click: () => insert(example) } }, element("code", {}, example)), element("span", {}, words));
    const summary = element("summary", { class: "small", on: { click: () => write(FOLDED, this.element.open) } }, gettext("Search tips"));
    this.element = element("details", { class: "search-tips" }, summary, element("ul", { role: "list" }, ...tips().map(row)));
  }

  // `isSearched`: whether there is a search.
  show(isSearched) {
    this.isSearched = isSearched;
    this.element.open = !isSearched && !read(FOLDED);
  }
}

// null if there are none. `changed()` is called when they were cleared.
export const recentList = (changed) => {
  const searches = recentSearches();
  if (!searches.length) return null;
  const clear = () => {
    forgetSearches();
    changed();
  };
  const link = (text) => element("li", {}, element("a", { class: "button small", dir: "auto", href: addressOf("search", null, { q: text }), "data-item": `recent ${text}` }, text));
  return element(
    "section",
    { class: "recent-searches", "aria-label": gettext("Recent searches") },
    element("div", { class: "search-heading" }, element("h2", {}, gettext("Recent searches")), element("button", { type: "button", class: "small", on: { click: clear } }, gettext("Clear"))),
    element("ul", { role: "list" }, ...searches.map(link)),
  );
};
