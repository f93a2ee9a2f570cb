// A text that is edited in its place: a button beside it turns it into a field. Enter and leaving the
// field save it, Esc gives it up. What the server could not be told stays in the field.

import { Away, contact } from "../api.js";
import { element, iconButton } from "../element.js";
import { gettext } from "../translation.js";

const EDIT = { name: gettext("Edit the name"), description: gettext("Edit the description") };
const OF_PLAYLIST = { name: gettext("The playlist's name"), description: gettext("The playlist's description") };

// `shown`: the element that shows the text. `save(text)` returns a promise; `done(isSaved)` is called
// at the end. `isLong`: it may have several lines.
export const editable = ({ shown, text, label, save, isLong = false, isRequired = false }) => {
  const place = element("div", { class: "editable" });
  const begin = async () => {
    if (contact.isAway) throw new Away(); // before anything is typed
    edit(text);
  };
  const button = iconButton("edit", EDIT[label], begin, { class: "icon-button edit" });
  const rest = () => {
    place.classList.remove("is-edited");
    place.replaceChildren(shown, button);
  };
  const edit = (value) => {
    const field = element(isLong ? "textarea" : "input", { "aria-label": OF_PLAYLIST[label], maxlength: isLong ? 2000 : 200, rows: isLong ? 3 : null, dir: "auto" });
    field.value = value;
    let isOver = false;
    const end = async (isSaved) => {
      if (isOver) return;
      isOver = true;
      const given = field.value.trim();
      const hadFocus = document.activeElement === field;
      const isChanged = isSaved && given !== text && (given || !isRequired);
      if (isChanged) shown.textContent = given; // the page is drawn again when the server has it
      rest();
      if (hadFocus) button.focus();
      if (isChanged) await save(given).catch((error) => keep(error, given));
    };
    field.addEventListener("blur", () => end(true));
    field.addEventListener("keydown", (event) => {
      const isEnter = event.key === "Enter" && !event.isComposing && !(isLong && event.shiftKey);
      if (event.key !== "Escape" && !isEnter) return;
      event.preventDefault();
      event.stopPropagation();
      end(isEnter);
    });
    place.classList.add("is-edited");
    place.replaceChildren(field);
    field.focus();
    field.select();
  };
  const keep = (error, given) => {
    if (error instanceof Away && place.isConnected) edit(given);
    throw error;
  };
  rest();
  return place;
};
