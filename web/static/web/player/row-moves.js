// Reorders the rows of a list: by dragging them, or by Alt with an arrow key. A gap is a place
// between two rows: gap 0 is before the first row, gap 3 before the fourth.

import { element } from "./element.js";
import { beginDrag } from "./pointer-drag.js";
import { counted } from "./words.js";

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

// Lets users drag rows of `rows` (TrackRows): with the mouse by any part of the row, with a finger by
// a long press on its cover. All selected rows if the row is one of them, else only this row. A line
// shows where they would be dropped. `move(indexes, gap)` moves them.
export const letRowsBeDragged = (rows, { canMove = () => true, move }) => {
  const { grid, list, selection, source } = rows;
  let line;
  let dragged;
  let gap;
  const start = (from) => {
    dragged = selection.chosen.has(from) ? selection.indexes : [from];
    gap = from;
    const label = dragged.length > 1 ? counted(dragged.length, "track") : "";
    line = list.body.appendChild(element("div", { class: "drop-line", "data-label": label }));
    grid.classList.add("is-dragging");
  };
  const follow = (y) => {
    const { height, offset } = list.measure();
    const top = y - list.body.getBoundingClientRect().top - offset;
    gap = Math.max(0, Math.min(Math.round(top / height), source.count));
    line.style.transform = `translateY(${gap * height + offset}px)`;
  };
  const clear = () => {
    line.remove();
    grid.classList.remove("is-dragging");
  };
  grid.addEventListener("pointerdown", (event) => {
    const isHandle = event.pointerType === "touch" ? event.target.closest(".start") : !event.target.closest(NO_HANDLE);
    const from = isHandle && event.button === 0 ? selection.indexAt(event) : null;
    const isPlain = !(event.shiftKey || event.ctrlKey || event.metaKey);
    if (from === null || !isPlain || !canMove()) return;
    beginDrag(event, {
      scroller: list.scroller,
      start: () => start(from),
      follow: (x, y) => follow(y),
      drop: () => {
        clear();
        if (!isSamePlace(dragged, gap)) move(dragged, gap);
      },
      cancel: clear,
    });
  });
  grid.addEventListener("dragstart", (event) => event.preventDefault()); // of links and pictures
};
