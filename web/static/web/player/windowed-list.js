// A list of any length. Only the visible rows are in the document; elements that leave the window
// are reused. All rows have the same height, so that their places are known before they are loaded.
//
// A list may be longer than the largest element that browsers allow. Then the scrolled element is
// shorter than the list: scrolling by one pixel moves the list by `pace` pixels.

const OVERSCAN_PX = 400;
const SETTLED_MS = 80;
const PATIENCE_MS = 100;
const EMPTY_ROWS = 12; // shown after PATIENCE_MS until the number of rows is known
const LARGEST_PX = 15_000_000; // Firefox shows the first 17.8 million of an element

export class WindowedList {
  // `body`: the element that holds the rows, inside `scroller`, which must have a CSS position.
  // `make()` returns an empty row; `fill(row, item, index)` shows an item in it; `item` is
  // undefined until it is loaded. `shape(width)` returns `{ columns, height }`: the items in a row,
  // and a row's height in px.
  constructor({ scroller, body, source, make, fill, shape }) {
    Object.assign(this, { scroller, body, source, make, fill, shape });
    body.translate = false; // its rows are used again for others, and what they hold are names
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
    clearTimeout(this.waiting);
    cancelAnimationFrame(this.frame);
  }

  // The indexes of the first and the last visible item.
  inSight() {
    const { columns, height, top } = this.measure();
    const first = Math.max(0, Math.floor(top / height)) * columns;
    const last = Math.max(0, Math.ceil((top + this.scroller.clientHeight) / height)) * columns - 1;
    return { first, last: Math.max(first, Math.min(last, (this.source.count ?? 1) - 1)) };
  }

  // Scroll as little as possible to make item `index` visible.
  reveal(index) {
    const { columns, height, top, pace } = this.measure();
    const row = Math.floor(index / columns) * height;
    const covered = this.scroller.querySelector("[data-sticky]")?.offsetHeight ?? 0;
    const lowest = row + height - this.scroller.clientHeight;
    const wanted = Math.max(Math.min(top, row - covered), lowest);
    // For the first row, scroll to the very top if the content above the list fits beside the row.
    const isWithHead = index < columns && wanted < top && this.body.offsetTop + height <= this.scroller.clientHeight;
    if (isWithHead) this.scroller.scrollTop = 0;
    else if (wanted !== top) this.scroller.scrollTop = this.body.offsetTop + (wanted > 0 ? wanted / pace : wanted);
    this.update();
  }

  // Scroll so that item `index` is the first visible one.
  scrollTo(index) {
    const { columns, height, pace } = this.measure();
    const covered = this.scroller.querySelector("[data-sticky]")?.offsetHeight ?? 0;
    const wanted = Math.floor(index / columns) * height - covered;
    this.scroller.scrollTop = this.body.offsetTop + (wanted > 0 ? wanted / pace : wanted);
    this.update();
  }

  // Scroll by this number of items, after items above the visible ones came or went.
  shift(items) {
    this.update();
    const { columns, height, pace } = this.measure();
    this.scroller.scrollTop += (Math.trunc(items / columns) * height) / pace;
  }

  // The number of items that fit the window: wholly visible rows times columns.
  itemsOfPage() {
    const { columns, height } = this.measure();
    return Math.max(1, Math.floor(this.scroller.clientHeight / height)) * columns;
  }

  // The index of the item that has the focus; -1 if the focus is elsewhere.
  focusedIndex() {
    const { activeElement } = document;
    if (activeElement === this.body || !this.body.contains(activeElement)) return -1;
    const row = [...this.shown].find(([, each]) => each.contains(activeElement));
    return row ? row[0] : -1;
  }

  // Focus the link or button of item `index`, not what the pointer alone reaches, such as a heart.
  // Returns false if it has none because it is not loaded yet.
  focus(index) {
    const pressed = this.shown.get(index)?.querySelector('a[href], button:not([tabindex="-1"])');
    pressed?.focus({ preventScroll: true });
    return pressed !== undefined && pressed !== null;
  }

  // Sort the elements in the document for the Tab key, since reusing rows mixes them up. The
  // focused row is not moved, because moving an element removes its focus.
  putInOrder() {
    const inOrder = [...this.shown].sort(([one], [other]) => one - other).map(([, row]) => row);
    const focused = inOrder.findIndex((row) => row.contains(document.activeElement));
    if (focused > 0) inOrder[focused].before(...inOrder.slice(0, focused));
    this.body.append(...inOrder.slice(focused + 1));
  }

  update() {
    cancelAnimationFrame(this.frame);
    if (this.source.count === null && !this.hasWaited) {
      this.begin();
      return;
    }
    this.body.style.height = `${this.measure().shownPx}px`; // may change scrollTop, so measure again
    const place = this.measure();
    const { columns, height, top, count } = place;
    const rows = (from) => Math.max(0, Math.floor(from / height)) * columns;
    const overscan = this.hasPainted ? OVERSCAN_PX : 0;
    const first = rows(top - overscan);
    const end = Math.min(count, rows(top + this.scroller.clientHeight + overscan) + columns);
    this.draw(first, end, place);
    if (this.hasPainted || this.source.count === null) this.source.want(first, Math.max(first, end - 1), this.direction);
    else this.painted();
  }

  // Ask for the first rows, before anything is measured: the first layout of a page takes long. Rows
  // without content are shown only if the server takes longer than people notice. What stands below
  // the list is out of sight until its height is known, so that nothing jumps.
  begin() {
    this.body.style.height = "100vh";
    this.source.want(0, EMPTY_ROWS - 1, 0);
    this.waiting ??= setTimeout(() => {
      this.hasWaited = true;
      this.update();
    }, PATIENCE_MS);
  }

  // The rows in sight are painted first; then those around them are drawn and asked for.
  painted() {
    this.painting ??= requestAnimationFrame(() => {
      setTimeout(() => {
        this.hasPainted = true;
        if (!this.hasEnded) this.update();
      });
    });
  }

  // `top`: the pixel of the list at the upper edge; negative if the list begins below the edge.
  // `offset`: by how many pixels rows are shifted down because the element is shorter than the
  // list.
  measure() {
    const { columns, height } = this.shape(this.body.clientWidth);
    const count = this.source.count ?? EMPTY_ROWS * columns;
    const px = Math.ceil(count / columns) * height;
    const shownPx = Math.min(px, LARGEST_PX);
    const seenPx = this.scroller.clientHeight;
    const pace = shownPx < px ? (px - seenPx) / (shownPx - seenPx) : 1;
    const scrolled = this.scroller.scrollTop - this.body.offsetTop; // offsetTop is relative to `scroller`
    const offset = Math.round(Math.min(Math.max(scrolled, 0), shownPx - seenPx) * (1 - pace));
    return { columns, height, count, shownPx, pace, top: scrolled - offset, offset };
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

  // Scrolling has stopped: now load what needs a request for each row, such as covers.
  settle() {
    this.isSettled = true;
    this.update();
    this.putInOrder();
  }

  // The focused row stays in the document wherever the list is scrolled to: if it were reused, the
  // focus would move to another item.
  draw(first, end, place) {
    const isInWindow = (index) => index >= first && index < end;
    const focused = this.focusedIndex();
    const isKept = focused >= 0 && focused < place.count;
    for (const [index, row] of this.shown) {
      if (!isInWindow(index) && !(isKept && index === focused)) this.put(index, row);
    }
    for (let index = first; index < end; index += 1) this.drawItem(index, place);
    if (isKept && !isInWindow(focused)) this.drawItem(focused, place);
    for (const row of this.spare) row.hidden = true;
  }

  drawItem(index, { columns, height, offset }) {
    const row = this.shown.get(index) ?? this.take(index);
    const column = index % columns;
    row.style.transform = `translate(${column * 100}%, ${((index - column) / columns) * height + offset}px)`;
    row.style.width = columns > 1 ? `${100 / columns}%` : "";
    this.fill(row, this.source.row(index), index, this.isSettled);
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
