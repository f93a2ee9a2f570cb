// What of a search was not understood, in words.

import { get } from "./api.js";
import { element } from "./element.js";
import { filled, gettext } from "./translation.js";

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
const noteWords = ({ code, text, operator }) => {
  const sentence = {
    unknown_operator: gettext("There is no operator “%(operator)s:”. “%(text)s” was searched as text."),
    bad_value: gettext("“%(text)s” was searched as text: “%(operator)s:” takes %(wanted)s."),
    unfinished: gettext("“%(text)s” still needs a value."),
    only_excluded: gettext("“%(text)s” was searched as text, since nothing else is searched for."),
  }[code];
  return filled(sentence ?? "", { text, operator, wanted: wanted(operator) });
};

// The same of a search that is kept as a playlist.
export const noticeWords = (note) => (note.code === "unfinished" ? filled(gettext("“%(text)s” has no value and is left out."), note) : noteWords(note));

// The sentences are only written anew if they change: screen readers read them then.
export const showNotes = (box, notes) => {
  const sentences = notes.map(noteWords);
  const shown = [...box.children].map(({ textContent }) => textContent);
  if (sentences.join() !== shown.join()) box.replaceChildren(...sentences.map((words) => element("p", {}, words)));
};

// Those of the search in a list. `now()` returns the one that is wanted when the server has answered.
export const showNotesOf = async (box, query, now) => {
  const notes = query ? await get(`search/rules?${new URLSearchParams({ q: query })}`).then(({ body }) => body.notes, () => []) : [];
  if (now() === query) showNotes(box, notes);
};
