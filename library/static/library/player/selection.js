// The one row that is selected in a grid, by keys and by the pointer. The grid itself has the focus
// and names the row, so that rows may leave the document while it stays.

const PAGE_ROWS = 10;

export class Selection {
  // `list`: the WindowedList in the element `grid`. `open(index)` is what Enter and a double click
  // do, `menu(index, at)` what the menu key and the right button do.
  constructor({ grid, list, source, open, menu, keys = () => false }) {
    Object.assign(this, { grid, list, source, open, menu, keys });
    this.index = -1;
    this.id = null;
    grid.addEventListener("keydown", (event) => this.press(event));
    grid.addEventListener("focus", () => this.index < 0 && grid.matches(":focus-visible") && this.set(list.inSight().first));
    list.body.addEventListener("click", (event) => this.click(event));
    list.body.addEventListener("dblclick", (event) => this.doubleClick(event));
    list.body.addEventListener("contextmenu", (event) => this.contextMenu(event));
  }

  set(index, isRevealed = false) {
    this.index = Math.max(-1, Math.min(index, (this.source.count ?? 0) - 1));
    this.id = this.source.row(this.index)?.id ?? null;
    if (this.index < 0) this.grid.removeAttribute("aria-activedescendant");
    if (isRevealed && this.index >= 0) this.list.reveal(this.index);
    this.list.update();
  }

  // After the rows have changed: the same item, wherever it is now.
  follow(index) {
    this.index = index;
    if (index < 0) this.grid.removeAttribute("aria-activedescendant");
    this.list.update();
  }

  // Mark `row`, which shows item `index`.
  mark(row, index, item) {
    const isSelected = index === this.index;
    row.id = `${this.grid.id}-${index}`;
    row.setAttribute("aria-selected", isSelected);
    row.setAttribute("aria-rowindex", index + 2);
    if (!isSelected) return;
    this.id ??= item?.id ?? null;
    this.grid.setAttribute("aria-activedescendant", row.id);
  }

  press(event) {
    if (event.target !== this.grid) return;
    const last = (this.source.count ?? 0) - 1;
    const moves = {
      ArrowDown: this.index + 1,
      ArrowUp: Math.max(0, this.index - 1),
      PageDown: this.index + PAGE_ROWS,
      PageUp: Math.max(0, this.index - PAGE_ROWS),
      Home: 0,
      End: last,
    };
    const isMenuKey = event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey);
    if (event.ctrlKey || event.metaKey) return;
    if (!this.keys(event, this.index)) {
      if (event.altKey) return;
      if (event.key in moves) this.set(moves[event.key], true);
      else if (event.key === "Enter" && this.index >= 0) this.open(this.index);
      else if (isMenuKey && this.index >= 0) this.menu(this.index, this.rowOf(this.index));
      else return;
    }
    event.preventDefault();
    event.stopPropagation();
  }

  click(event) {
    const index = this.indexAt(event);
    if (index === null || event.target.closest("a")) return;
    this.set(index);
    this.grid.focus({ preventScroll: true });
    const button = event.target.closest("button");
    if (button?.dataset.does === "menu") this.menu(index, button);
    const isTap = event.pointerType === "touch" && !button;
    if (button?.dataset.does === "open" || isTap) this.open(index);
  }

  doubleClick(event) {
    const index = this.indexAt(event);
    if (index !== null && !event.target.closest("a, button")) this.open(index);
  }

  contextMenu(event) {
    const index = this.indexAt(event);
    if (index === null || event.target.closest("a")) return;
    event.preventDefault();
    this.set(index);
    this.menu(index, { x: event.clientX, y: event.clientY });
  }

  indexAt(event) {
    const row = event.target.closest("[role=row]");
    return row && this.list.body.contains(row) ? Number(row.id.slice(this.grid.id.length + 1)) : null;
  }

  rowOf(index) {
    return document.getElementById(`${this.grid.id}-${index}`) ?? this.grid;
  }
}
