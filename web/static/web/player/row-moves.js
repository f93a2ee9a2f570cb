// Drags rows of tracks: to another place in their list, if it can be put in order, or to a drop target
// of the page. Alt with an arrow key moves them, too. A gap is a place between two rows: see DropLine.

import { DropLine } from "./drop-line.js";
import { beginThingDrag } from "./thing-drag.js";
import { filled, ngettext } from "./translation.js";
import { number } from "./words.js";

const NO_HANDLE = "a, input, select, button:not(.row-play)";

// The index of the first of these rows after they have moved to the gap.
export const placeAfterMove = (indexes, gap) => gap - indexes.filter((index) => index < gap).length;

// Whether moving these rows to the gap changes nothing.
export const isSamePlace = (indexes, gap) =>
  gap >= indexes[0] && gap <= indexes.at(-1) + 1 && indexes.at(-1) - indexes[0] < indexes.length;

// The gap to which a key moves these rows; null if it is not a key that moves.
export const gapOfKey = ({ key, altKey }, indexes) => {
  const gap = { ArrowUp: indexes[0] - 1, ArrowDown: indexes.at(-1) + 2 }[key];
  return altKey && gap !== undefined ? gap : null;
};

// The rows that were moved stay selected.
export const selectMoved = (selection, to, count) => {
  selection.set(to, true);
  if (count > 1) selection.extendTo(to + count - 1);
};

const tracks = (count) => filled(ngettext("%(count)s track", "%(count)s tracks", count), { count: number(count) });

// Rows of `rows` (TrackRows) can be moved in their list: all selected rows if the row is one of them,
// else only this row. A line shows where they would be dropped. `move(indexes, gap)` moves them.
export const letRowsBeDragged = (rows, { canMove = () => true, move }) => {
  rows.moves = { canMove, move };
};

// Begins the drags of these rows: with the mouse by any part of a row, with a finger by a long press on
// its cover, which opens the menu if the finger is lifted there.
export const hearRowDrags = (rows) => {
  const { grid, list, selection } = rows;
  grid.addEventListener("pointerdown", (event) => {
    const isHandle = event.pointerType === "touch" ? event.target.closest(".start") : !event.target.closest(NO_HANDLE);
    const from = isHandle && event.button === 0 ? selection.indexAt(event) : null;
    const isPlain = !(event.shiftKey || event.ctrlKey || event.metaKey);
    if (from === null || !isPlain || !rows.source.row(from)?.id) return;
    const indexes = selection.chosen.has(from) ? selection.indexes : [from];
    beginThingDrag(event, {
      scroller: list.scroller,
      pick: () => draggedRows(rows, indexes),
      own: rows.moves?.canMove() ? new OwnMoves(rows, indexes) : null,
      held: (at) => selection.openMenuAt(from, at),
    });
  });
  grid.addEventListener("dragstart", (event) => event.preventDefault()); // of links and pictures
};

// As DropTargets takes it.
const draggedRows = (rows, indexes) => {
  const isOne = indexes.length === 1;
  const name = isOne ? rows.source.row(indexes[0]).title : tracks(indexes.length);
  return { name, isOne, from: rows, ids: () => rows.trackIdsAt(indexes) };
};

// Moves rows within their own list, while they are dragged over it.
class OwnMoves {
  constructor(rows, indexes) {
    Object.assign(this, { rows, indexes });
  }

  isAt(hit) {
    return Boolean(hit && this.rows.list.scroller.contains(hit));
  }

  start() {
    const { rows, indexes } = this;
    this.line = new DropLine(rows, indexes.length > 1 ? tracks(indexes.length) : "");
    rows.grid.classList.add("is-dragging");
  }

  follow(y) {
    this.gap = this.line.follow(y);
  }

  clear() {
    this.line.remove();
    this.rows.grid.classList.remove("is-dragging");
  }

  drop() {
    if (!isSamePlace(this.indexes, this.gap)) this.rows.moves.move(this.indexes, this.gap);
  }
}
