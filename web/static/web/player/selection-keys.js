// What keys do in a grid whose rows can be selected: they move the active row, select, and open rows or
// their menu.

import { keyOf } from "./key-of.js";

const PAGE_ROWS = 10;

// `selection`: the Selection of the grid. Returns whether the key means something here.
export const actOnKey = (selection, event) => {
  if (selection.keys(event)) return true;
  if (event.altKey) return false;
  const isCommand = event.ctrlKey || event.metaKey;
  const to = target(selection, event);
  if (to !== null) moveTo(selection, to, event.shiftKey, isCommand);
  else if (isCommand) return command(selection, event);
  else return actOnSelected(selection, event);
  return true;
};

const moveTo = (selection, index, isExtended, isCommand) => {
  if (isExtended) selection.extendTo(index, isCommand);
  else if (isCommand && !selection.isSingle) selection.activate(index, true);
  else selection.set(index, true);
};

const command = (selection, event) => {
  if (keyOf(event) === "a" && !event.shiftKey && !selection.isSingle) selection.selectAll();
  else if (event.key === " " && selection.index >= 0) selection.toggle(selection.index);
  else return false;
  return true;
};

const actOnSelected = (selection, event) => {
  const { indexes } = selection;
  const isMenuKey = event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
  if (event.key === "Escape" && indexes.length > 1) selection.set(selection.index);
  else if (!indexes.length) return false;
  else if (event.key === "Enter") openSelected(selection, indexes);
  else if (isMenuKey) selection.menu(indexes, selection.rowOf(selection.index));
  else return false;
  return true;
};

const openSelected = (selection, indexes) => {
  if (indexes.length > 1) selection.openSeveral(indexes);
  else selection.open(indexes[0]);
};

// The row to which a key moves; null if it is not a key that moves.
const target = (selection, { key }) => {
  const { last } = selection;
  if (last < 0) return null;
  const isActive = selection.index >= 0;
  const from = isActive ? selection.index : selection.start(); // the first arrow key selects this row
  const moves = {
    ArrowDown: from + (isActive ? 1 : 0),
    ArrowUp: from - (isActive ? 1 : 0),
    PageDown: from + PAGE_ROWS,
    PageUp: from - PAGE_ROWS,
    Home: 0,
    End: last,
  };
  if (!(key in moves)) return null;
  const to = Math.max(0, Math.min(moves[key], last));
  return selection.itemNear(to, to < from || key === "End" ? -1 : 1);
};
