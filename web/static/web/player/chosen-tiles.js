// The tiles that are selected, wherever they are on the page. They are kept by what they show, so that
// they stay selected when a list is loaded again. A tile that can be selected has the attributes
// `data-thing`, the kind in the plural, `data-id` and `data-name`.

const PORTION = 500; // the most rows that the API returns at once

export const THING = "[data-thing]";

export const thingAt = ({ dataset }) => ({ kind: dataset.thing, id: Number(dataset.id), name: dataset.name });

const keyOf = ({ kind, id }) => `${kind} ${id}`;

// Event "change": other tiles are selected.
class ChosenTiles extends EventTarget {
  chosen = new Map(); // by kind and id: the thing
  anchor = null; // the holder and place at which the range begins that Shift extends
  before = this.chosen; // what was selected when the range began
  list = null; // the holder of the tile that was selected last
  ranges = 0;

  get things() {
    return [...this.chosen.values()];
  }

  has(thing) {
    return this.chosen.has(keyOf(thing));
  }

  toggle(tile) {
    const thing = thingAt(tile);
    const chosen = new Map(this.chosen);
    if (!chosen.delete(keyOf(thing))) chosen.set(keyOf(thing), thing);
    this.set(chosen);
    this.beginAt(tile);
  }

  // Ranges begin at this tile.
  beginAt(tile) {
    this.list = listOf(tile);
    this.anchor = { list: this.list, index: indexOf(tile) };
    this.before = this.chosen;
  }

  // Select all of a list; by default that of the tile that was selected last.
  selectAll(list = this.list) {
    Object.assign(this, { list, anchor: { list, index: 0 }, before: this.chosen });
    return this.extendIn(list, countIn(list) - 1);
  }

  // Select all from the anchor to this tile, in addition to what was selected before.
  async extendTo(tile) {
    const list = listOf(tile);
    if (this.anchor?.list !== list) this.beginAt(tile);
    await this.extendIn(list, indexOf(tile));
  }

  async extendIn(list, index) {
    const turn = (this.ranges += 1);
    const { anchor } = this;
    const [from, to] = [Math.min(anchor.index, index), Math.max(anchor.index, index)];
    const things = await thingsIn(list, from, to);
    if (turn === this.ranges) this.set(new Map([...this.before, ...things.map((thing) => [keyOf(thing), thing])]));
  }

  // Shift with a key moved from one item of `list` to another.
  extendByKey(list, from, to) {
    if (this.anchor?.list !== list) Object.assign(this, { list, anchor: { list, index: from }, before: this.chosen });
    return this.extendIn(list, to);
  }

  forgetAnchor() {
    this.anchor = null;
  }

  clear() {
    this.ranges += 1; // one that is being loaded is not wanted any more
    this.anchor = null;
    if (this.chosen.size) this.set(new Map());
  }

  set(chosen) {
    this.chosen = chosen;
    document.querySelectorAll(THING).forEach((tile) => this.mark(tile));
    this.dispatchEvent(new Event("change"));
  }

  // Show whether this tile is selected.
  mark(tile) {
    const isChosen = this.chosen.size > 0 && this.has(thingAt(tile));
    tile.classList.toggle("is-chosen", isChosen);
    const check = tile.querySelector(".tile-check");
    if (check?.getAttribute("aria-checked") !== String(isChosen)) check?.setAttribute("aria-checked", isChosen);
  }
}

export const chosenTiles = new ChosenTiles();

// The items of a windowed list can be selected. `body` is its element, `thingOf(row)` what a row of
// `source` shows; null: nothing that can be selected. Returns what LinkKeys needs.
export const letBeChosen = (body, source, thingOf) => {
  body.thingsBetween = async (from, to) => (await rowsBetween(source, from, to)).map(thingOf).filter(Boolean);
  const extend = (from, to) => void chosenTiles.extendByKey(body, from, to);
  body.countOfThings = () => source.count ?? 0;
  const all = () => {
    if (source.count) chosenTiles.selectAll(body);
    return Boolean(source.count);
  };
  return { extend, all, forget: () => chosenTiles.forgetAnchor() };
};

// Rows that are not loaded are asked for.
const rowsBetween = async (source, from, to) => {
  const rows = [];
  while (from + rows.length <= to) {
    const index = from + rows.length;
    const row = source.row(index);
    const more = row ? [row] : (await source.load(index, Math.min(PORTION, to - index + 1))).body.results;
    if (!more.length) break; // the list has become shorter
    rows.push(...more);
  }
  return rows;
};

// The element that holds a tile and those beside it. A windowed grid has `thingsBetween(from, to)` and
// `countOfThings()`.
const listOf = (tile) => tile.parentElement;

const indexOf = (tile) => (tile.parentElement.thingsBetween ? Number(tile.getAttribute("aria-posinset")) - 1 : tilesIn(tile.parentElement).indexOf(tile));

const tilesIn = (list) => [...list.children].filter((each) => each.matches(THING));

const countIn = (list) => list.countOfThings?.() ?? tilesIn(list).length;

const thingsIn = (list, from, to) => list.thingsBetween?.(from, to) ?? tilesIn(list).slice(from, to + 1).map(thingAt);
