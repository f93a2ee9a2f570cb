// The selection of rows in a grid: which rows it has, and what the pointer does to it. What keys do is in
// selection-keys.js. The grid element has the focus and names the active row, from which keys start, by
// aria-activedescendant: rows may leave the document meanwhile.

import { isFocusOfPointer } from "./pointer-focus.js";
import { actOnKey } from "./selection-keys.js";

export class Selection {
  // `list`: the WindowedList in the element `grid`. `open(index)`: called by Enter and a double
  // click on one row. `openSeveral(indexes)`: called by Enter with several. `menu(indexes, at)`:
  // called by the menu key and the right button. `keys(event)`: gets each key first; returns
  // whether it handled it. `start()`: returns the row from which keys start if no row is active
  // yet. `presses`: functions by the `data-does` of further buttons in rows, called with the index
  // and the event; they leave the selection as it is.
  constructor({ grid, list, source, open, openSeveral, menu, keys = () => false, start, isSingle = false, presses = {} }) {
    Object.assign(this, { grid, list, source, open, openSeveral, menu, keys, isSingle, presses });
    this.start = start ?? (() => list.inSight().first);
    this.index = -1; // the active row
    this.anchor = -1; // the row at which the range begins that Shift extends
    this.chosen = new Map(); // index of each selected row → id of its item; null if not loaded
    this.firstNumber = grid.querySelector("thead, .headings") ? 2 : 1; // headings are row number 1
    if (!isSingle) grid.setAttribute("aria-multiselectable", "true");
    grid.addEventListener("keydown", (event) => this.press(event));
    grid.addEventListener("focusin", ({ target }) => target === grid && this.index < 0 && !isFocusOfPointer() && this.begin());
    list.body.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault()); // selects no text
    list.body.addEventListener("click", (event) => this.click(event));
    list.body.addEventListener("dblclick", (event) => this.doubleClick(event));
    list.body.addEventListener("contextmenu", (event) => this.contextMenu(event));
  }

  // The indexes of the selected rows in ascending order.
  get indexes() {
    return [...this.chosen.keys()].sort((one, other) => one - other);
  }

  get last() {
    return (this.source.count ?? 0) - 1;
  }

  begin() {
    this.set(this.itemNear(this.start(), 1));
  }

  // Select only this row; -1: no row.
  set(index, isRevealed = false) {
    const at = Math.max(-1, Math.min(index, this.last));
    this.anchor = at;
    this.choose(at < 0 ? [] : [at]);
    this.activate(at, isRevealed);
  }

  // Select all rows between the anchor and this row; with `isAdded` in addition to the selected
  // ones.
  extendTo(index, isAdded = false) {
    if (this.isSingle || this.anchor < 0) return this.set(index, true);
    const [from, to] = [Math.min(this.anchor, index), Math.max(this.anchor, index)];
    const range = Array.from({ length: to - from + 1 }, (_, step) => from + step);
    this.choose(range, isAdded);
    return this.activate(index, true);
  }

  toggle(index) {
    if (this.isSingle) return this.set(index, true);
    this.anchor = index;
    if (!this.chosen.delete(index)) this.choose([index], true);
    return this.activate(index, true);
  }

  selectAll() {
    if (this.last < 0 || this.isSingle) return;
    this.choose(Array.from({ length: this.last + 1 }, (_, index) => index));
    this.anchor = this.itemNear(0, 1);
    this.activate(this.index < 0 ? this.anchor : this.index);
    this.grid.dispatchEvent(new CustomEvent("allchosen", { bubbles: true, detail: this.chosen.size }));
  }

  choose(indexes, isAdded = false) {
    if (!isAdded) this.chosen = new Map();
    for (const index of indexes) if (!this.isHeading(index)) this.chosen.set(index, this.source.row(index)?.id ?? null);
  }

  activate(index, isRevealed = false) {
    this.index = index;
    if (index < 0) this.grid.removeAttribute("aria-activedescendant");
    if (isRevealed && index >= 0) this.list.reveal(index);
    this.list.update();
  }

  // The rows have changed: select the same items at their new places. `placeOf(id)` returns the new
  // index of an item; undefined if it is gone.
  follow(placeOf) {
    const moved = (index) => placeOf(this.chosen.get(index)) ?? -1;
    const [index, anchor] = [moved(this.index), moved(this.anchor)];
    const kept = [...this.chosen.values()].map((id) => [placeOf(id), id]).filter(([place]) => place !== undefined);
    this.chosen = new Map(kept);
    this.anchor = anchor;
    this.activate(index >= 0 ? index : (this.indexes[0] ?? -1));
  }

  // Set the attributes of the element `row`, which shows item `index`.
  mark(row, index, item) {
    const isSelected = this.chosen.has(index);
    row.id = `${this.grid.id}-${index}`;
    row.setAttribute("aria-selected", isSelected);
    row.setAttribute("aria-rowindex", index + this.firstNumber);
    row.classList.toggle("is-active", index === this.index);
    // Do not overwrite a known id: the rows may have just changed, and `follow` needs the old ids.
    if (isSelected && item?.id && this.chosen.get(index) === null) this.chosen.set(index, item.id);
    if (index === this.index) this.grid.setAttribute("aria-activedescendant", row.id);
  }

  press(event) {
    if (event.target !== this.grid || !actOnKey(this, event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  // Handle a key that was pressed outside of the grid. Returns whether the key has a meaning here.
  take(event) {
    if (!actOnKey(this, event)) return false;
    this.grid.focus({ preventScroll: true });
    return true;
  }

  goToFirst() {
    this.set(this.itemNear(0, 1), true);
    this.grid.focus({ preventScroll: true });
  }

  openFirst() {
    this.goToFirst();
    if (this.index >= 0) this.open(this.index);
  }

  // The nearest row from `index` on in `direction` that is not a heading, else in the other; -1 if
  // none.
  itemNear(index, direction) {
    for (const step of [direction, -direction]) {
      for (let at = index; at >= 0 && at <= this.last; at += step) if (!this.isHeading(at)) return at;
    }
    return -1;
  }

  isHeading(index) {
    return this.source.row(index)?.heading !== undefined;
  }

  click(event) {
    const index = this.indexAt(event);
    const isOnLink = event.target.closest("a") !== null;
    if (index === null || (isOnLink && !event.shiftKey)) return;
    if (isOnLink) event.preventDefault();
    const button = event.target.closest("button");
    if (!button) this.pick(index, event);
    else if (button.dataset.does in this.presses) this.presses[button.dataset.does](index, event);
    else this.pressButton(index, button);
  }

  pick(index, event) {
    const isCommand = event.ctrlKey || event.metaKey;
    if (event.shiftKey) this.extendTo(index, isCommand);
    else if (isCommand) this.toggle(index);
    else this.set(index);
    this.grid.focus({ preventScroll: true });
    if (event.pointerType === "touch") this.open(index);
  }

  // A button in a row was pressed. The menu is for all selected rows if the row is one of them.
  pressButton(index, button) {
    const isMenu = button.dataset.does === "menu";
    if (!isMenu || !this.chosen.has(index)) this.set(index);
    this.grid.focus({ preventScroll: true });
    if (isMenu) this.menu(this.indexes, button);
    else if (button.dataset.does === "open") this.open(index);
  }

  doubleClick(event) {
    const index = this.indexAt(event);
    const isPlain = !(event.shiftKey || event.ctrlKey || event.metaKey);
    if (index !== null && isPlain && !event.target.closest("a, button")) this.open(index);
  }

  contextMenu(event) {
    const index = this.indexAt(event);
    if (index === null || event.target.closest("a")) return;
    event.preventDefault();
    this.openMenuAt(index, { x: event.clientX, y: event.clientY });
  }

  // The menu is for all selected rows if this row is one of them.
  openMenuAt(index, at) {
    if (!this.chosen.has(index)) this.set(index);
    this.menu(this.indexes, at);
  }

  // The index of the row in which an event happened; null for a heading or outside of rows.
  indexAt(event) {
    const row = event.target.closest("[role=row]");
    if (!row || !this.list.body.contains(row)) return null;
    const index = Number(row.id.slice(this.grid.id.length + 1));
    return this.isHeading(index) ? null : index;
  }

  rowOf(index) {
    return document.getElementById(`${this.grid.id}-${index}`) ?? this.grid;
  }
}
