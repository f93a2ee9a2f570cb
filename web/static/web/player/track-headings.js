// The headings above the columns of a list of tracks.

import { element, icon } from "./element.js";
import { COLUMNS } from "./track-columns.js";
import { gettext } from "./translation.js";

// Column headings that sort the list: a click calls `sortBy(sort)`, for instance with "title" or
// "-title". `show(sort)` of the result marks the column by which the list is sorted.
export const sortHeadings = (sortBy) => {
  let sortedBy = "";
  const sorted = new Map();
  const heading = (name, label, key, first = key, shownLabel = label) => {
    const next = () => (sortedBy === key ? `-${key}` : sortedBy === `-${key}` ? key : first);
    const cell = element(
      "div",
      { class: `cell ${name}`, role: "columnheader" },
      element("button", { type: "button", "aria-label": shownLabel === label ? null : label, title: shownLabel === label ? null : label, on: { click: () => sortBy(next()) } }, shownLabel),
    );
    sorted.set(key, cell);
    return cell;
  };
  const plain = (name, label) =>
    element("div", { class: `cell ${name}`, role: "columnheader" }, element("span", { class: "unseen" }, label));
  const shown = (name) => element("div", { class: `cell ${name}`, role: "columnheader" }, COLUMNS[name].label);
  const row = element(
    "div",
    { class: "row heading-row", role: "row", "aria-rowindex": "1" },
    plain("start", gettext("Cover")),
    heading("title", gettext("Title"), "title"),
    heading("artist", gettext("Artist"), "artist"),
    heading("album", gettext("Album"), "album"),
    shown("genre"),
    shown("composer"),
    heading("year", gettext("Year"), "year", "-year"),
    heading("added", gettext("Added"), "added", "-added"),
    heading("plays", COLUMNS.plays.label, "plays", "-plays"),
    shown("bitrate"),
    shown("path"),
    heading("rating", gettext("Rating"), "rating", "-rating"),
    heading("favourite", gettext("Favourite since"), "favourited", "-favourited", icon("heart")),
    heading("length", gettext("Length"), "duration"),
    plain("more", gettext("More")),
  );
  row.show = (sort) => {
    sortedBy = sort;
    for (const [key, cell] of sorted) {
      cell.removeAttribute("aria-sort");
      if (sort === key) cell.setAttribute("aria-sort", "ascending");
      if (sort === `-${key}`) cell.setAttribute("aria-sort", "descending");
    }
  };
  return row;
};
