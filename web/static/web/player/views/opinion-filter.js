// Filters a list by the user's favourites and ratings: a button and a choice in the list's toolbar.

import { element, icon } from "../element.js";
import { filled, gettext } from "../translation.js";
import { severalOf, withArticle } from "../words.js";
import { message } from "./states.js";

export const OPINION_FILTERS = ["favourite", "rating"];
export const OPINION_SORTS = { "-rating": gettext("Best rated"), "-favourited": gettext("Newest favourites"), "-plays": gettext("Most played"), "-played": gettext("Played last") };

// In the order in which they are offered; an object would put its numbers first.
const RATINGS = new Map([
  ["", gettext("Any rating")],
  ["5", gettext("★★★★★")],
  ["4-5", gettext("★★★★ and more")],
  ["3-5", gettext("★★★ and more")],
  ["1-5", gettext("Rated")],
  ["0", gettext("Not rated")],
]);

export const readOpinions = (query) =>
  Object.fromEntries(OPINION_FILTERS.map((name) => [name, query.get(name) ?? ""]).filter(([, value]) => value));

// Whether a list depends on favourites or ratings.
export const showsOpinions = (filters, sort = "") =>
  OPINION_FILTERS.some((name) => filters[name]) || /^-?(favourited|rating)$/.test(sort);

// Whether a list is sorted by plays, so that its rows tell how many they are.
export const isByPlays = (sort) => /^-?(plays|played)$/.test(sort);

export class OpinionFilter {
  // `go(change)` goes to the list with these filters changed; "" for none.
  constructor(go) {
    this.favourite = element(
      "button",
      { type: "button", class: "small toggle", "aria-pressed": "false", "aria-label": gettext("Favourites"), title: gettext("Favourites"), on: { click: () => go({ favourite: this.isOn ? "" : "true" }) } },
      icon("heart"),
      element("span", {}, gettext("Favourites")),
    );
    const choices = [...RATINGS].map(([value, label]) => element("option", { value }, label));
    const other = element("option", { value: "other", hidden: true }, gettext("Other"));
    this.rating = element("select", { on: { change: () => go({ rating: this.rating.value }) } }, ...choices, other);
    const label = element("label", {}, element("span", { class: "unseen" }, gettext("Rating")), this.rating);
    this.elements = [this.favourite, label];
  }

  show({ favourite = "", rating = "" }) {
    this.isOn = favourite === "true";
    this.favourite.setAttribute("aria-pressed", this.isOn);
    this.rating.value = RATINGS.has(rating) ? rating : "other";
  }
}

// Shown instead of an empty list of favourites, or of what is rated; null if something else is asked
// for, too.
export const noOpinionsYet = (filters, noun, clear) => {
  const names = Object.keys(filters);
  if (names.length !== 1 || !(filters.favourite === "true" || filters.rating === "1-5")) return null;
  const all = element("button", { type: "button", on: { click: clear } }, filled(gettext("Show all %(things)s"), { things: severalOf(noun) }));
  return filters.favourite
    ? message(gettext("No favourites yet"), [element("p", {}, filled(gettext("Press the heart of %(thing)s, or the key F. It is listed here then."), { thing: withArticle(noun) })), all])
    : message(gettext("Nothing is rated yet"), [element("p", {}, filled(gettext("Give %(thing)s stars, or press a key from 1 to 5. It is listed here then."), { thing: withArticle(noun) })), all]);
};
