// Keyboard control of a windowed list of links, such as albums and artists: arrows, Page, Home, End
// and Tab move the focus from item to item, also to items that are not in the document yet.

import { keyOf } from "./key-of.js";

const isSelectAll = (event) => keyOf(event) === "a" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;

export class LinkKeys {
  // `list`: a WindowedList whose items have one link each. `leave(key, from)` (optional) is called at
  // its ends, if a key leads further; returns whether it moved the focus to another list. `select`
  // (optional) selects items: `extend(from, to)` is called for Shift with a key that moves, `forget()`
  // for such a key alone, `all()` for Ctrl A.
  constructor(list, leave = () => false, select = null) {
    Object.assign(this, { list, leave, select });
    this.index = -1; // the item that had the focus last
    this.awaited = null; // the item that gets the focus as soon as it is loaded
    list.body.tabIndex = -1; // the list itself has the focus until then
    list.body.addEventListener("keydown", (event) => this.press(event));
    list.body.addEventListener("focusin", () => this.focusMoved());
    list.source.addEventListener("change", () => this.awaited !== null && this.goTo(this.awaited));
    list.source.addEventListener("turn", () => (this.index = -1));
  }

  get last() {
    return (this.list.source.count ?? 0) - 1;
  }

  // Handle a key that was pressed outside of the list. Returns whether the key has a meaning here.
  take(event) {
    if (this.last < 0) return false;
    const { first, last } = this.list.inSight();
    const isInSight = this.index >= first && this.index <= last;
    const isArrow = event.key.startsWith("Arrow");
    if (!isInSight && isArrow) this.goTo(first);
    else return this.act(event, isInSight ? this.index : first);
    return true;
  }

  goToFirst() {
    this.goTo(0);
  }

  openFirst() {
    this.goTo(0);
    this.list.shown.get(0)?.querySelector("a[href]")?.click();
  }

  press(event) {
    const from = this.awaited ?? this.list.focusedIndex();
    if (event.defaultPrevented || from < 0 || !this.act(event, from)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  act(event, from) {
    if (this.select && isSelectAll(event)) return this.select.all();
    if (event.altKey || event.ctrlKey || event.metaKey) return false;
    if (event.shiftKey && event.key !== "Tab") return this.extend(event, from);
    const to = event.key === "Tab" ? this.nextStop(from, event.shiftKey) : this.target(event, from);
    if (to === null) return false;
    this.select?.forget();
    if (to !== from || !this.leave(event.key, from)) this.goTo(to);
    return true;
  }

  // Shift with a key that moves: select from here to there.
  extend(event, from) {
    const to = this.select ? this.target(event, from) : null;
    if (to === null) return false;
    this.goTo(to);
    this.select.extend(from, to);
    return true;
  }

  // The item that Tab leads to; null at the ends of the list, where the browser moves the focus.
  nextStop(from, isBackwards) {
    const to = from + (isBackwards ? -1 : 1);
    if (to >= 0 && to <= this.last) return to;
    this.list.putInOrder();
    return null;
  }

  target({ key }, from) {
    const { columns } = this.list.measure();
    const page = this.list.itemsOfPage();
    const isSideways = columns > 1;
    const steps = {
      ArrowDown: columns,
      ArrowUp: -columns,
      ...(isSideways && { ArrowRight: 1, ArrowLeft: -1 }),
      PageDown: page,
      PageUp: -page,
      Home: -from,
      End: this.last - from,
    };
    if (!(key in steps)) return null;
    return this.within(from + steps[key], from, columns);
  }

  // Keep the target inside the list and, if possible, in the same column.
  within(to, from, columns) {
    if (to < 0) return from % columns;
    if (to <= this.last) return to;
    const isLastRow = Math.floor(from / columns) === Math.floor(this.last / columns);
    return isLastRow ? from : this.last;
  }

  goTo(index) {
    this.awaited = null;
    this.list.reveal(index);
    if (this.list.focus(index)) return;
    this.list.body.focus({ preventScroll: true });
    this.awaited = index;
  }

  focusMoved() {
    const focused = this.list.focusedIndex();
    if (focused < 0) return;
    this.awaited = null;
    this.index = focused;
  }
}
