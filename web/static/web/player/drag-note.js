// What users drag, beside the pointer, and what will happen if they drop it here.

import { element } from "./element.js";

const ASIDE_PX = 14;
const ABOVE_FINGER_PX = 64;

export class DragNote {
  constructor(name, isTouch) {
    this.isTouch = isTouch;
    this.name = element("b", { dir: "auto", translate: "no" }, name);
    this.text = element("span");
    this.note = element("div", { class: "drag-note", role: "status" }, this.name, this.text);
    document.body.append(this.note);
    document.body.classList.add("has-drag");
  }

  // `text`: what a drop here does; empty if it does nothing.
  follow(x, y, text) {
    this.text.textContent = text;
    this.note.classList.toggle("is-dropped-here", text !== "");
    const { offsetWidth: width, offsetHeight: height } = this.note;
    const left = x + ASIDE_PX + width <= innerWidth ? x + ASIDE_PX : Math.max(0, x - ASIDE_PX - width);
    const top = this.isTouch ? Math.max(0, y - ABOVE_FINGER_PX) : Math.min(y + ASIDE_PX, innerHeight - height);
    this.note.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  remove() {
    this.note.remove();
    document.body.classList.remove("has-drag");
  }
}
