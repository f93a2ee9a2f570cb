// The dialog in which people choose how dense lists are, and which columns the list of tracks has.

import { element, iconButton } from "../element.js";
import { DEFAULT_COLUMNS, listSettings } from "../list-settings.js";
import { openDialog } from "../name-dialog.js";
import { COLUMNS } from "../track-columns.js";
import { gettext } from "../translation.js";

export const listButton = (isStaff) => iconButton("columns", gettext("Columns and density"), () => openChoice(isStaff), { "aria-haspopup": "dialog", class: "icon-button is-always" });

const openChoice = (isStaff) => {
  const columns = Object.entries(COLUMNS).filter(([, { isForStaff }]) => isStaff || !isForStaff);
  const boxes = columns.map(([name, { label }]) => choice("checkbox", "column", label, { value: name, checked: listSettings.columns.includes(name) }));
  const densities = [choice("radio", "density", gettext("Comfortable"), { value: "", checked: !listSettings.isCompact }), choice("radio", "density", gettext("Compact"), { value: "compact", checked: listSettings.isCompact })];
  const usual = () => {
    listSettings.change({ columns: DEFAULT_COLUMNS });
    for (const box of form.querySelectorAll("[name=column]")) box.checked = DEFAULT_COLUMNS.includes(box.value);
  };
  const form = element(
    "form",
    { on: { change: ({ target }) => take(target) } },
    element("fieldset", {}, element("legend", {}, gettext("Density")), ...densities),
    element("fieldset", { class: "for-wide" }, element("legend", {}, gettext("Columns of tracks")), ...boxes, element("p", { class: "count" }, gettext("Those that do not fit into the window are left out."))),
    element(
      "div",
      { class: "actions" },
      element("button", { type: "button", class: "primary", on: { click: () => dialog.close() } }, gettext("Close")),
      element("button", { type: "button", class: "for-wide", on: { click: usual } }, gettext("The usual columns")),
    ),
  );
  const dialog = openDialog(gettext("Columns and density"), form);
  dialog.classList.add("list-choice");
};

const choice = (type, name, label, attributes) => element("label", { class: "list-option" }, element("input", { type, name, ...attributes }), label);

// A column that is chosen now comes last; see `fitColumns`.
const take = ({ name, value, checked }) => {
  if (name === "density") listSettings.change({ isCompact: value === "compact" });
  else listSettings.change({ columns: [...listSettings.columns.filter((each) => each !== value), ...(checked ? [value] : [])] });
};
