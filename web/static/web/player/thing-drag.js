// One drag of rows of tracks or of tiles: to another place in their own list, or to one of the
// drop targets of the page.

import { DragNote } from "./drag-note.js";
import { DropFeedback } from "./drop-feedback.js";
import { beginDrag } from "./pointer-drag.js";

const SLOP_PX = 10; // a finger that moved less has held, not dragged

let targets = null;

// The page has these DropTargets.
export const useDropTargets = (dropTargets) => (targets = dropTargets);

// Call it for a "pointerdown". `pick()` returns what is dragged, as DropTargets takes it. `own`
// (optional) is the list in which it can be moved: `{ isAt(element), start(), follow(y), clear(),
// drop() }`. `held(at)` is called if a finger was lifted where it began, after a long press.
export const beginThingDrag = (event, { scroller, pick, own = null, held = () => null }) => {
  const drag = new ThingDrag(event, { pick, own, held });
  beginDrag(event, {
    scroller,
    scrollerAt: (x, y) => targets?.scrollerAt(x, y) ?? null,
    start: () => drag.start(),
    follow: (x, y) => drag.follow(x, y),
    drop: () => drag.drop(),
    cancel: () => drag.clear(),
  });
};

class ThingDrag {
  hasMoved = false;
  isOverOwn = false;

  constructor({ clientX: x, clientY: y, pointerType, target }, { pick, own, held }) {
    Object.assign(this, { pick, own, held, from: { x, y }, isTouch: pointerType === "touch", target });
  }

  start() {
    this.dragged = this.pick();
    this.feedback = new DropFeedback(targets, this.dragged);
    this.target.closest("[role=row], [data-thing]")?.classList.add("is-held");
    if (!this.isTouch) this.lift();
  }

  // It is a drag, not only a long press.
  lift() {
    this.hasMoved = true;
    this.note = new DragNote(this.dragged.name, this.isTouch);
  }

  follow(x, y) {
    const isFar = Math.hypot(x - this.from.x, y - this.from.y) > SLOP_PX;
    if (!this.hasMoved && !isFar) return;
    if (!this.hasMoved) this.lift();
    const text = this.feedback.follow(x, y);
    this.followOwn(x, y, text);
    this.note.follow(x, y, text);
  }

  // Its own list shows by a line where it goes; another target comes first.
  followOwn(x, y, text) {
    const isOver = Boolean(this.own) && !text && this.own.isAt(document.elementFromPoint(x, y));
    if (isOver !== this.isOverOwn) this.own?.[isOver ? "start" : "clear"]();
    this.isOverOwn = isOver;
    if (isOver) this.own.follow(y, { x, y });
  }

  drop() {
    const { isOverOwn, own, hasMoved } = this;
    const isDropped = hasMoved && this.feedback.drop();
    this.clear();
    if (!hasMoved) setTimeout(() => this.held(this.from)); // else lifting the finger would close a menu
    else if (isOverOwn && !isDropped) own.drop();
  }

  clear() {
    this.feedback?.clear();
    this.note?.remove();
    if (this.isOverOwn) this.own.clear();
    this.isOverOwn = false;
    document.querySelectorAll(".is-held").forEach((each) => each.classList.remove("is-held"));
  }
}
