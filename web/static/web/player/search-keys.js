// Moves the focus by keys among the results of a search: links of several kinds, and the rows of
// tracks, whose selection has keys of its own.

const ARROWS = ["ArrowDown", "ArrowUp", "ArrowRight", "ArrowLeft"];

export class SearchKeys {
  // `results`: the element with all results; `selection`: that of the tracks; `best()`: the element
  // of the best match, or null; `leave()` is called by Esc.
  constructor(results, selection, best, leave) {
    Object.assign(this, { results, selection, best, leave });
    results.addEventListener("keydown", (event) => this.press(event));
  }

  // What the focus moves between, in the order of the page; the grid of tracks is one of them.
  get stops() {
    return [...this.results.querySelectorAll("[data-item], .grid")].filter((each) => each.checkVisibility());
  }

  // Handle a key that was pressed outside of the results. Returns whether it means something here.
  take(event) {
    if (![...ARROWS, "Home", "End"].includes(event.key) || !this.stops.length) return false;
    if (event.key === "End") this.enter(this.stops.at(-1), "ArrowUp");
    else this.goToFirst();
    return true;
  }

  goToFirst() {
    const [first] = this.stops;
    if (first) this.enter(first, "ArrowDown");
  }

  // Play or open the best match; without one the first result.
  openFirst() {
    this.goToFirst();
    const first = this.best() ?? this.stops[0];
    if (first && first !== this.selection.grid) first.click();
    else if (first) this.selection.openFirst();
  }

  focus(name) {
    this.stops.find(({ dataset }) => dataset.item === name)?.focus({ preventScroll: true });
  }

  press(event) {
    if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      this.leave();
      return;
    }
    const from = event.target.closest?.("[data-item]");
    if (!from || event.defaultPrevented || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (!this.move(from, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  // Called with each key that is pressed in the rows of tracks, before the selection gets it.
  leaveRows(event) {
    const { index, last, grid } = this.selection;
    const isAtEnd = (event.key === "ArrowDown" && index === last) || (event.key === "ArrowUp" && index === 0);
    const isPlain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
    return isAtEnd && isPlain && this.move(grid, event.key);
  }

  // Returns whether there is a result to move to.
  move(from, key) {
    const { stops } = this;
    const ends = { Home: stops[0], End: stops.at(-1) };
    const to = key in ends ? ends[key] : ARROWS.includes(key) ? nextStop(from, key, stops) : null;
    if (!to) return false;
    this.enter(to, key === "End" ? "ArrowUp" : key);
    return true;
  }

  // From above, the first row of the tracks is selected, from below the last.
  enter(stop, key) {
    if (stop === this.selection.grid) this.selection.set(key === "ArrowUp" ? this.selection.last : 0, true);
    stop.focus({ preventScroll: stop === this.selection.grid });
  }
}

// The stop that an arrow leads to by the places on the screen: sideways the neighbour in the same
// line, up and down the nearest one in the next line.
const nextStop = (from, key, stops) => {
  const here = from.getBoundingClientRect();
  const boxes = stops.filter((each) => each !== from).map((stop) => ({ stop, box: stop.getBoundingClientRect() }));
  const isSideways = key === "ArrowLeft" || key === "ArrowRight";
  const sign = key === "ArrowUp" || key === "ArrowLeft" ? -1 : 1;
  const isInLine = ({ top, bottom }) => top < here.bottom - 1 && bottom > here.top + 1;
  if (isSideways) {
    const aside = boxes.filter(({ box }) => isInLine(box) && sign * (box.left - here.left) > 0);
    return aside.sort((one, other) => sign * (one.box.left - other.box.left))[0]?.stop;
  }
  const beyond = boxes.filter(({ box }) => (sign > 0 ? box.top >= here.bottom - 1 : box.bottom <= here.top + 1));
  const distance = ({ box }) => (sign > 0 ? box.top - here.bottom : here.top - box.bottom);
  const nearest = Math.min(...beyond.map(distance));
  const line = beyond.filter((each) => distance(each) < nearest + 2);
  return line.sort((one, other) => Math.abs(one.box.left - here.left) - Math.abs(other.box.left - here.left))[0]?.stop;
};
