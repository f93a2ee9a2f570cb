// One drag over the DropTargets of the page: shows where it is, and drops there.

import { DropLine } from "./drop-line.js";

const REST_MS = 700; // above a link or button that opens what it leads to

export class DropFeedback {
  constructor(targets, dragged) {
    Object.assign(this, { targets, dragged });
    this.target = null;
  }

  // Returns what a drop here does, as a text; empty if it does nothing.
  follow(x, y) {
    const target = this.targets.at(x, y, this.dragged);
    if (target?.key !== this.target?.key) this.change(target);
    if (this.line) this.gap = this.line.follow(y);
    return target?.text ?? "";
  }

  change(target) {
    this.clear();
    this.target = target;
    target?.mark?.classList.add("is-target");
    if (target?.line) this.line = new DropLine(target.line);
    if (target?.open) this.resting = setTimeout(target.open, REST_MS);
  }

  clear() {
    clearTimeout(this.resting);
    this.line?.remove();
    this.target?.mark?.classList.remove("is-target");
    this.line = this.target = null;
  }

  // Returns whether something was dropped.
  drop() {
    const { target, gap } = this;
    this.clear();
    if (!target?.drop) return target !== null;
    target.drop(this.dragged, gap);
    return true;
  }
}
