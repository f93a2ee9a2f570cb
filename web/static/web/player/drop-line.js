// The line that shows between which rows of a list something would be dropped. A gap is a place between
// two rows: gap 0 is before the first row, gap 3 before the fourth.

import { element } from "./element.js";

export class DropLine {
  // `rows`: TrackRows.
  constructor({ list, source }, label = "") {
    Object.assign(this, { list, source });
    this.line = list.body.appendChild(element("div", { class: "drop-line", "data-label": label }));
  }

  // Show it at the gap that is nearest to this height of the window. Returns the gap.
  follow(y) {
    const { height, offset } = this.list.measure();
    const top = y - this.list.body.getBoundingClientRect().top - offset;
    const gap = Math.max(0, Math.min(Math.round(top / height), this.source.count));
    this.line.style.transform = `translateY(${gap * height + offset}px)`;
    return gap;
  }

  remove() {
    this.line.remove();
  }
}
