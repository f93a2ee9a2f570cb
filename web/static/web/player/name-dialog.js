// A dialog that asks for a name.

import { element } from "./element.js";
import { layers } from "./layers.js";
import { gettext } from "./translation.js";

const LONGEST = 200;

// `save(name)` may be slow and may fail: then the dialog stays, with the reason.
export const askForName = ({ title, name = "", button = gettext("Save"), save }) => {
  const field = element("input", { id: "name-field", value: name, maxlength: LONGEST, required: true, autocomplete: "off", dir: "auto" });
  const problem = element("p", { class: "problem", role: "alert" });
  const submit = element("button", { type: "submit", class: "primary" }, button);
  const act = async (event) => {
    event.preventDefault();
    if (!field.value.trim()) return;
    submit.disabled = true;
    try {
      await save(field.value.trim());
      dialog.close();
    } catch (error) {
      problem.textContent = error.message;
      submit.disabled = false;
      field.focus();
    }
  };
  const dialog = openDialog(
    title,
    element(
      "form",
      { on: { submit: act } },
      element("div", { class: "field" }, element("label", { for: "name-field" }, gettext("Name")), field),
      problem,
      element("div", { class: "actions" }, submit, element("button", { type: "button", on: { click: () => dialog.close() } }, gettext("Cancel"))),
    ),
  );
  field.select();
};

let dialogs = 0;

// Show a dialog with this content. It goes when it is closed, and the focus returns to where it was.
export const openDialog = (title, ...content) => {
  const id = `dialog-${(dialogs += 1)}`;
  const heading = element("h2", { id, dir: "auto" }, title);
  const dialog = element("dialog", { class: "name-dialog", "aria-labelledby": id }, heading, ...content);
  const back = document.activeElement;
  dialog.addEventListener("close", () => {
    dialog.remove();
    if (document.activeElement === document.body && back?.isConnected) back.focus({ preventScroll: true });
  });
  document.body.append(dialog);
  layers.showModal(dialog);
  return dialog;
};
