// The bar of actions for the tiles that are selected. On a phone, Back ends the selection.

import { chosenTiles } from "./chosen-tiles.js";
import { element, iconButton } from "./element.js";
import { layers } from "./layers.js";
import { countOf } from "./things.js";
import { filled, gettext } from "./translation.js";

// What is selected; several kinds are counted as "3 selected" already.
const wordsFor = (things) => (new Set(things.map(({ kind }) => kind)).size > 1 ? countOf(things) : filled(gettext("%(what)s selected"), { what: countOf(things) }));

export class SelectionBar {
  // `acts`: the ThingActs. `main`: the element that gets the bar.
  constructor(acts, main) {
    this.acts = acts;
    this.count = element("p", { class: "chosen-count", role: "status" });
    const more = iconButton("menu", gettext("More for what is selected"), () => acts.menu(chosenTiles.things, more), { "aria-haspopup": "menu" });
    this.bar = element(
      "div",
      { class: "selection-bar", role: "group", "aria-label": gettext("What is selected"), hidden: true },
      this.count,
      element("button", { type: "button", class: "small", on: { click: () => chosenTiles.selectAll() } }, gettext("Select all")),
      this.button("play", gettext("Play"), "play"),
      this.button("queue", gettext("Add to the queue"), "addLast"),
      this.button("add", gettext("Add to a playlist…"), "addToPlaylist"),
      more,
      iconButton("close", gettext("Select nothing"), () => chosenTiles.clear()),
    );
    main.append(this.bar);
    chosenTiles.addEventListener("change", () => this.show());
  }

  button(name, label, act) {
    return iconButton(name, label, () => this.acts[act](chosenTiles.things));
  }

  show() {
    const { things } = chosenTiles;
    const isOpen = things.length > 0;
    this.count.textContent = isOpen ? wordsFor(things) : "";
    if (isOpen === !this.bar.hidden) return;
    this.bar.hidden = !isOpen;
    document.body.classList.toggle("has-chosen", isOpen);
    if (isOpen) this.layer = layers.add(() => chosenTiles.clear());
    else layers.remove(this.layer);
  }
}
