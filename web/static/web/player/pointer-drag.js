// One drag by the mouse, a pen or a finger. With a finger it begins after a long press, so that the
// list can still be scrolled from there.

const LONG_PRESS_MS = 400;
const SLOP_PX = { mouse: 4, pen: 4, touch: 10 }; // a shorter movement does not count
const EDGE_PX = 48; // near the edge of the scrolled element, it scrolls by itself
const SCROLL_PX = 10;

let current = null;
let hasFingerDragged = false; // and was lifted a moment ago

// While a finger drags, the page must not scroll, and a long press must not open a menu.
const isHeld = () => current?.isDragging || current?.pointerType === "touch";
addEventListener("touchmove", (event) => current?.isDragging && event.cancelable && event.preventDefault(), { passive: false });
addEventListener("contextmenu", (event) => isHeld() && swallow(event), { capture: true });

// The browser makes mouse events and a click of a touch, maybe much later.
const endTouch = (event) => {
  if (hasFingerDragged && event.cancelable) event.preventDefault();
  hasFingerDragged = false;
};
addEventListener("touchend", endTouch, { passive: false, capture: true });

const swallow = (event) => {
  event.preventDefault();
  event.stopPropagation();
};

// Call it for a "pointerdown". `start()` is called as soon as it is a drag, `follow(x, y)` whenever
// the pointer or the content below it has moved, then `drop()` or `cancel()`. Near its edges `scroller`
// scrolls; with `scrollerAt(x, y)` it is the element that this returns, or none.
export const beginDrag = (event, { scroller, scrollerAt = () => scroller, start, follow, drop, cancel }) => {
  current?.end(current.cancel);
  current = new PointerDrag(event, { scrollerAt, start, follow, drop, cancel });
};

class PointerDrag {
  isDragging = false;

  constructor(event, acts) {
    Object.assign(this, acts);
    this.pointerType = event.pointerType;
    this.pointerId = event.pointerId;
    this.from = this.at = { x: event.clientX, y: event.clientY };
    this.listeners = {
      pointermove: (moved) => this.moved(moved),
      pointerup: (ended) => ended.pointerId === this.pointerId && this.end(this.drop),
      pointercancel: () => this.end(this.cancel),
      blur: ({ target }) => target === window && this.end(this.cancel),
      keydown: (pressed) => this.pressed(pressed),
    };
    for (const [type, listen] of Object.entries(this.listeners)) addEventListener(type, listen, { capture: true });
    if (this.pointerType === "touch") this.waiting = setTimeout(() => this.begin(), LONG_PRESS_MS);
  }

  begin() {
    this.isDragging = true;
    if (this.pointerType === "touch") navigator.vibrate?.(10);
    this.start();
    this.follow(this.at.x, this.at.y);
    this.scrollAtEdge();
  }

  moved(event) {
    if (event.pointerId !== this.pointerId) return;
    this.at = { x: event.clientX, y: event.clientY };
    if (this.isDragging) {
      this.follow(this.at.x, this.at.y);
      return;
    }
    const isFar = Math.hypot(this.at.x - this.from.x, this.at.y - this.from.y) > (SLOP_PX[this.pointerType] ?? SLOP_PX.mouse);
    if (!isFar) return;
    if (this.pointerType === "touch") this.end(this.cancel); // the user scrolls
    else this.begin();
  }

  pressed(event) {
    if (event.key !== "Escape" || !this.isDragging) return;
    swallow(event);
    this.end(this.cancel);
  }

  scrollAtEdge() {
    if (!this.isDragging) return;
    const scroller = this.scrollerAt(this.at.x, this.at.y);
    if (scroller) this.scroll(scroller);
    this.frame = requestAnimationFrame(() => this.scrollAtEdge());
  }

  scroll(scroller) {
    const box = scroller.getBoundingClientRect();
    const above = Math.max(0, box.top + EDGE_PX - this.at.y);
    const below = Math.max(0, this.at.y - box.bottom + EDGE_PX);
    const before = scroller.scrollTop;
    if (above || below) scroller.scrollTop += Math.sign(below - above) * Math.min(2, Math.max(above, below) / EDGE_PX) * SCROLL_PX;
    if (scroller.scrollTop !== before) this.follow(this.at.x, this.at.y);
  }

  end(act) {
    if (current !== this) return;
    clearTimeout(this.waiting);
    cancelAnimationFrame(this.frame);
    for (const [type, listen] of Object.entries(this.listeners)) removeEventListener(type, listen, { capture: true });
    current = null;
    if (!this.isDragging) return;
    this.isDragging = false;
    hasFingerDragged = this.pointerType === "touch";
    ignoreNextClick();
    act();
  }
}

// The browser makes a click of what was a drag.
const ignoreNextClick = () => {
  addEventListener("click", swallow, { capture: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }), 50);
};
