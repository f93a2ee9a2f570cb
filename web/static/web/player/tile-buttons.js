// The buttons on the cover of a tile: play, menu, and the check mark that selects it. They are shown
// where the pointer or the focus is; `tile-hands` hears them. The Tab key leads from tile to tile.

import { element, icon } from "./element.js";
import { filled, gettext } from "./translation.js";
import { chosenTiles } from "./chosen-tiles.js";

const button = (name, kind, more = {}) => element("button", { type: "button", class: `icon-button ${name}`, tabindex: "-1", ...more }, icon(kind));

// Only play and menu, for a row.
export const rowButtons = () => [button("tile-play", "play"), button("tile-menu", "menu", { "aria-haspopup": "menu" })];

export const tileButtons = () =>
  element("span", { class: "tile-buttons" }, button("tile-check", "check", { role: "checkbox", "aria-checked": "false" }), ...rowButtons());

const LABELS = { "tile-play": () => gettext("Play %(name)s"), "tile-menu": () => gettext("More for %(name)s"), "tile-check": () => gettext("Select %(name)s") };

const label = (holder, name) => {
  holder.labelled = name;
  for (const [button, text] of Object.entries(LABELS)) {
    const found = holder.querySelector(`.${button}`);
    if (found) found.ariaLabel = found.title = filled(text(), { name });
  }
};

// The tile or row shows this thing. `data-id` and `data-name` belong to it; see `chosen-tiles`.
export const markThing = (holder, kind, id, name) => {
  const { dataset } = holder;
  const isNew = dataset.thing !== kind || dataset.id !== String(id) || holder.labelled !== name;
  Object.assign(dataset, { thing: kind, id, name });
  if (isNew) label(holder, name);
  chosenTiles.mark(holder);
};

export const unmarkThing = (holder) => {
  delete holder.dataset.thing;
  holder.classList.remove("is-chosen");
};
