// Short messages at the bottom left: at most three, for five seconds each, or as long as the
// pointer or the focus is on them.

import { element, iconButton } from "./element.js";

const SHOWN_MS = 5000;
const MOST = 3;
const LEVELS = { success: "Done", info: "Note", warning: "Warning", error: "Error" };

export class Toasts {
  constructor(place) {
    this.place = place;
  }

  // `level`: success, info, warning or error. `undo()` (optional) reverts what the message reports.
  show(text, level = "info", undo = null) {
    const takeBack = () => {
      toast.remove();
      undo();
    };
    const toast = element(
      "div",
      { class: `toast ${level}` },
      element("span", { class: "unseen" }, `${LEVELS[level] ?? LEVELS.info}: `),
      element("p", { dir: "auto" }, text),
      undo && element("button", { type: "button", class: "small", on: { click: takeBack } }, "Undo"),
      iconButton("close", "Close this message", () => toast.remove()),
    );
    this.place.append(toast);
    while (this.place.children.length > MOST) this.place.firstElementChild.remove();
    this.leaveLater(toast);
  }

  leaveLater(toast) {
    let waiting;
    const stay = () => clearTimeout(waiting);
    const go = () => {
      stay();
      waiting = setTimeout(() => toast.remove(), SHOWN_MS);
    };
    for (const type of ["pointerenter", "focusin"]) toast.addEventListener(type, stay);
    for (const type of ["pointerleave", "focusout"]) toast.addEventListener(type, go);
    go();
  }
}
