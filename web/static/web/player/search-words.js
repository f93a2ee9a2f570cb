// The tips for searching: what to type, and what it finds.

import { gettext } from "./translation.js";

// The first part of an example is what a click puts into the field.
export const tips = () => [
  ['artist:"miles davis"', gettext("also album:, title:, composer:, genre:, label:")],
  ["year:1960-69", gettext("also year:1969, year:1960- and year:60s")],
  ['"kind of blue"', gettext("these words in this order")],
  ["-live", gettext("nothing with this word; also -genre:pop")],
  ["fav", gettext("your favourites; also rating:4-5")],
  ["added:30d", gettext("of the last 30 days; also added:2024 and added:2024-05")],
  ["played:never", gettext("also played:30d and plays:10-")],
  ["missing:genre", gettext("without this tag; also missing:year and missing:cover")],
];
