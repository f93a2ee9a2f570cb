// What is said of the operators of a search: the tips, and what of a search was not understood.

import { filled, gettext } from "./translation.js";

// What to type, and what it finds. The first part of an example is what a click puts into the field.
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

const wanted = (operator) =>
  ({
    year: gettext("a year or several, such as 1969 or 1960-69"),
    rating: gettext("stars from 0 to 5, such as 4 or 4-5"),
    added: gettext("days, such as 30d, 2024 or 2024-05"),
    played: gettext("never, or days such as 30d, 2024 or 2024-05"),
    fav: gettext("yes or no"),
    missing: gettext("the name of a tag, such as genre, year or cover"),
  })[operator] ?? gettext("a number, such as 100 or 100-120");

// A sentence about a note of the API.
export const noteWords = ({ code, text, operator }) => {
  const sentence = {
    unknown_operator: gettext("There is no operator “%(operator)s:”. “%(text)s” was searched as text."),
    bad_value: gettext("“%(text)s” was searched as text: “%(operator)s:” takes %(wanted)s."),
    unfinished: gettext("“%(text)s” still needs a value."),
    only_excluded: gettext("“%(text)s” was searched as text, since nothing else is searched for."),
  }[code];
  return filled(sentence ?? "", { text, operator, wanted: wanted(operator) });
};
