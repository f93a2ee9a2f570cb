// A list of any length of which only the rows in sight are in the document, each of them used again
// when it leaves. Rows have one height, so that their places are known before they are.

const OVERSCAN_PX = 400;
const SETTLED_MS = 80;
const EMPTY_ROWS = 12; // until it is known how many there are

export class WindowedList {
  // `body`: the element that holds the rows, inside `scroller`, which has to be positioned. `make()` gives an empty row,
  // `fill(row, item, index)` shows an item in it; `item` is undefined while it is not here yet.
  // `shape(width)` gives `{ columns, height }`: how many items stand side by side, and how high.
  constructor({ scroller, body, source, make, fill, shape }) {
    Object.assign(this, { scroller, body, source, make, fill, shape });
    this.shown = new Map();
    this.spare = [];
    this.direction = 1;
    this.lastTop = 0;
    this.isSettled = true;
    this.onScroll = () => this.scrolled();
    this.onChange = () => this.update();
    this.resizes = new ResizeObserver(() => this.update());
    scroller.addEventListener("scroll", this.onScroll, { passive: true });
    source.addEventListener("change", this.onChange);
    this.resizes.observe(scroller);
  }

  end() {
    this.hasEnded = true;
    this.scroller.removeEventListener("scroll", this.onScroll);
    this.source.removeEventListener("change", this.onChange);
    this.resizes.disconnect();
    clearTimeout(this.settling);
    cancelAnimationFrame(this.frame);
  }

  // The numbers of the first and the last item in sight.
  inSight() {
    const { columns, height } = this.measure();
    const top = this.scroller.scrollTop - this.top();
    const first = Math.max(0, Math.floor(top / height)) * columns;
    const last = Math.max(0, Math.ceil((top + this.scroller.clientHeight) / height)) * columns - 1;
    return { first, last: Math.max(first, Math.min(last, (this.source.count ?? 1) - 1)) };
  }

  // Scroll as little as it takes to have item `index` in sight.
  reveal(index) {
    const { columns, height } = this.measure();
    const top = this.top() + Math.floor(index / columns) * height;
    const covered = this.scroller.querySelector("[data-sticky]")?.offsetHeight ?? 0;
    if (top < this.scroller.scrollTop + covered) this.scroller.scrollTop = top - covered;
    const bottom = top + height - this.scroller.clientHeight;
    if (bottom > this.scroller.scrollTop) this.scroller.scrollTop = bottom;
    this.update();
  }

  // Move by so many items without anything in sight moving.
  shift(items) {
    const { columns, height } = this.measure();
    this.update();
    this.scroller.scrollTop += Math.trunc(items / columns) * height;
  }

  // The number of the item in which the focus is, -1 where it is elsewhere.
  focusedIndex() {
    const row = [...this.shown].find(([, each]) => each.contains(document.activeElement));
    return row ? row[0] : -1;
  }

  // The focus goes to what there is to press in item `index`.
  focus(index) {
    this.shown.get(index)?.querySelector("a, button")?.focus({ preventScroll: true });
  }

  update() {
    cancelAnimationFrame(this.frame);
    const { columns, height } = this.measure();
    const count = this.source.count ?? EMPTY_ROWS * columns;
    this.body.style.height = `${Math.ceil(count / columns) * height}px`;
    const top = this.scroller.scrollTop - this.top();
    const rows = (from) => Math.max(0, Math.floor(from / height)) * columns;
    const first = rows(top - OVERSCAN_PX);
    const end = Math.min(count, rows(top + this.scroller.clientHeight + OVERSCAN_PX) + columns);
    this.draw(first, end, columns, height);
    this.source.want(first, Math.max(first, end - 1), this.direction);
  }

  measure() {
    return this.shape(this.body.clientWidth);
  }

  // Where the rows begin in what is scrolled; `scroller` is what offsets are counted from.
  top() {
    return this.body.offsetTop;
  }

  scrolled() {
    const top = this.scroller.scrollTop;
    this.direction = Math.sign(top - this.lastTop) || this.direction;
    this.lastTop = top;
    this.isSettled = false;
    clearTimeout(this.settling);
    this.settling = setTimeout(() => this.settle(), SETTLED_MS);
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.update());
  }

  // What costs a request for each row, such as covers, waits for this.
  settle() {
    this.isSettled = true;
    this.update();
    // The Tab key goes by the order in the document, which using rows again has mixed up.
    if (this.body.contains(document.activeElement)) return;
    const inOrder = [...this.shown].sort(([one], [other]) => one - other);
    this.body.append(...inOrder.map(([, row]) => row));
  }

  draw(first, end, columns, height) {
    for (const [index, row] of this.shown) {
      if (index < first || index >= end) this.put(index, row);
    }
    for (let index = first; index < end; index += 1) {
      const row = this.shown.get(index) ?? this.take(index);
      const column = index % columns;
      row.style.transform = `translate(${column * 100}%, ${((index - column) / columns) * height}px)`;
      row.style.width = columns > 1 ? `${100 / columns}%` : "";
      this.fill(row, this.source.row(index), index, this.isSettled);
    }
    for (const row of this.spare) row.hidden = true;
  }

  take(index) {
    const row = this.spare.pop() ?? this.body.appendChild(this.make());
    row.hidden = false;
    this.shown.set(index, row);
    return row;
  }

  put(index, row) {
    this.shown.delete(index);
    this.spare.push(row);
  }
}
