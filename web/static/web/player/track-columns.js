// The columns of the list of tracks that can be chosen, and how many of them fit.

import { listSettings } from "./list-settings.js";
import { gettext } from "./translation.js";

// `px`: the least width; `fr`: the share of what is left, if the column grows. `sort`: the order of the
// API. `isForStaff`: only administrators may have it. In the order of the rows' cells.
export const COLUMNS = {
  album: { label: gettext("Album"), px: 120, fr: 4 },
  genre: { label: gettext("Genre"), px: 96, fr: 2 },
  composer: { label: gettext("Composer"), px: 112, fr: 3 },
  year: { label: gettext("Year"), px: 56 },
  added: { label: gettext("Added"), px: 104 },
  plays: { label: gettext("Plays"), px: 64, sort: "plays" },
  bitrate: { label: gettext("Bit rate"), px: 104 },
  path: { label: gettext("Path"), px: 160, fr: 5, isForStaff: true },
  rating: { label: gettext("Rating"), px: 92 },
};

// Those of them that only the list of tracks has.
export const FURTHER = ["genre", "composer", "plays", "bitrate", "path"];

const CELLS = ["start", "title", "artist", ...Object.keys(COLUMNS).filter((name) => name !== "rating"), "rating", "favourite", "length", "more"];
const ALWAYS = { start: { px: 56 }, title: { px: 160, fr: 5 }, artist: { px: 120, fr: 4 }, favourite: { px: 36 }, length: { px: 64 }, more: { px: 44 } };
const GAP_PX = 12;
const PADDING_PX = 12;

// What the API has to add to each row for the chosen columns.
export const wantedFor = (columns) => ({
  ...(columns.includes("plays") && { own: true }),
  ...((columns.includes("bitrate") || columns.includes("path")) && { file: true }),
});

// Show the chosen columns in `grid` as far as they fit into `width`; the album and what was chosen
// last come first.
export const fitColumns = (grid, width) => {
  const shown = { ...ALWAYS };
  let left = width - PADDING_PX + GAP_PX - sum(Object.values(ALWAYS).map(({ px }) => px + GAP_PX));
  for (const name of byRank(listSettings.columns)) {
    left -= COLUMNS[name].px + GAP_PX;
    if (left < 0) break;
    shown[name] = COLUMNS[name];
  }
  const widths = CELLS.filter((name) => name in shown).map((name) => trackOf(shown[name]));
  grid.classList.toggle("has-columns", listSettings.hasOwnColumns);
  for (const name of Object.keys(COLUMNS)) grid.classList.toggle(`shows-${name}`, listSettings.hasOwnColumns && name in shown);
  grid.style.setProperty("--chosen", widths.join(" "));
};

const byRank = (columns) => [...columns.filter((name) => name === "album"), ...columns.filter((name) => name !== "album").reverse()];
const trackOf = ({ px, fr }) => (fr ? `minmax(${px}px, ${fr}fr)` : `${px}px`);
const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);
