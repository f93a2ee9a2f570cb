// Hears clicks, keys, long presses and drags on tiles and rows of albums, artists and playlists,
// wherever they are on the page.

import { chosenTiles, THING, thingAt } from "./chosen-tiles.js";
import { beginThingDrag } from "./thing-drag.js";
import { gettext } from "./translation.js";

const OPEN_LAYER = "dialog[open], [popover]:popover-open, #player.is-expanded";
const NO_HANDLE = "button, input, select";

// `acts`: the ThingActs. `scroller`: the element that holds the view.
export const listenToTiles = (acts, scroller) => {
  const hands = new TileHands(acts, scroller);
  document.addEventListener("click", (event) => hands.click(event), { capture: true });
  document.addEventListener("keydown", (event) => hands.press(event), { capture: true });
  document.addEventListener("contextmenu", (event) => hands.contextMenu(event));
  document.addEventListener("pointerdown", (event) => hands.pointerDown(event));
  document.addEventListener("dragstart", (event) => event.target.closest?.(THING) && event.preventDefault());
  document.addEventListener("mousedown", (event) => event.shiftKey && event.target.closest?.(THING) && event.preventDefault()); // selects no text
};

const stop = (event) => {
  event.preventDefault();
  event.stopPropagation();
};

class TileHands {
  constructor(acts, scroller) {
    Object.assign(this, { acts, scroller });
  }

  // What an act on this tile is for: all selected tiles if it is one of them.
  thingsOf(tile) {
    const thing = thingAt(tile);
    return chosenTiles.has(thing) ? chosenTiles.things : [thing];
  }

  openMenu(tile, at) {
    const canChoose = tile.querySelector(".tile-check") && !chosenTiles.has(thingAt(tile));
    this.acts.menu(this.thingsOf(tile), at, [canChoose && { label: gettext("Select"), run: () => chosenTiles.toggle(tile) }]);
  }

  click(event) {
    const tile = event.target.closest(THING);
    if (!tile) return;
    const button = event.target.closest("button");
    if (button) this.pressButton(event, tile, button);
    else if (this.selects(event) && event.target.closest("a")) {
      stop(event);
      this.select(event, tile);
    }
  }

  // While tiles are selected, a click or tap selects one more; Enter and screen readers open.
  selects({ ctrlKey, metaKey, shiftKey, detail }) {
    return ctrlKey || metaKey || shiftKey || (chosenTiles.chosen.size > 0 && detail > 0);
  }

  select(event, tile) {
    if (event.shiftKey) chosenTiles.extendTo(tile);
    else chosenTiles.toggle(tile);
  }

  pressButton(event, tile, button) {
    if (button.matches(".tile-play")) this.acts.play([thingAt(tile)]);
    else if (button.matches(".tile-menu")) this.openMenu(tile, button);
    else if (button.matches(".tile-check")) this.select(event, tile);
    else return;
    stop(event);
  }

  press(event) {
    const { key, target } = event;
    if (document.querySelector(OPEN_LAYER) || target.matches?.("input, textarea, select")) return;
    const tile = target.closest?.(THING);
    const isCommand = event.ctrlKey || event.metaKey;
    const isMenuKey = key === "ContextMenu" || (key === "F10" && event.shiftKey);
    const { size } = chosenTiles.chosen;
    if (key === "Escape" && size) chosenTiles.clear();
    else if (!tile || event.altKey) return;
    else if (isMenuKey) this.openMenu(tile, tile);
    else if (key === " " && isCommand) chosenTiles.toggle(tile);
    else if (key === "Enter" && size && !isCommand && target.matches("a")) this.acts.play(chosenTiles.things);
    else return;
    stop(event);
  }

  contextMenu(event) {
    const tile = event.target.closest?.(THING);
    if (!tile || event.defaultPrevented) return;
    event.preventDefault();
    this.openMenu(tile, { x: event.clientX, y: event.clientY });
  }

  // Lines of playlists have a drag of their own (views/playlist-drag.js).
  pointerDown(event) {
    const tile = event.target.closest(THING);
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
    if (!tile || !isPlain || tile.matches(".playlist-row") || event.target.closest(NO_HANDLE)) return;
    const held = (at) => tile.isConnected && this.openMenu(tile, at);
    beginThingDrag(event, { scroller: this.scroller, pick: () => this.acts.dragged(this.thingsOf(tile)), held });
  }
}
