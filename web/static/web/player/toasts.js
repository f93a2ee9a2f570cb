// Short messages at the bottom left: at most three, for five seconds each, for fifteen if there is a
// button in them, or as long as the pointer or the focus is on them.

import { element, iconButton } from "./element.js";
import { gettext } from "./translation.js";

const SHOWN_MS = 5000;
const SHOWN_WITH_A_BUTTON_MS = 15_000;
const MOST = 3;
const LEVELS = { success: gettext("Done"), info: gettext("Note"), warning: gettext("Warning"), error: gettext("Error") };

export class Toasts {
  constructor(place) {
    this.place = place;
  }

  // Returns the message's element. `level`: success, info, warning or error. `undo()` (optional) reverts
  // what the message reports; `undoLabel` is the name of its button. `link` (optional): `{ label, href }`
  // of a place.
  show(text, level = "info", undo = null, link = null, undoLabel = gettext("Undo")) {
    const takeBack = () => {
      toast.remove();
      undo();
    };
    const toast = element(
      "div",
      { class: `toast ${level}` },
      element("span", { class: "unseen" }, `${LEVELS[level] ?? LEVELS.info}: `),
      element("p", {}, text),
      undo && element("button", { type: "button", class: "small", on: { click: takeBack } }, undoLabel),
      link && element("a", { class: "button small", href: link.href, on: { click: () => toast.remove() } }, link.label),
      iconButton("close", gettext("Close this message"), () => toast.remove()),
    );
    this.place.append(toast);
    while (this.place.children.length > MOST) this.place.firstElementChild.remove();
    this.leaveLater(toast, undo || link ? SHOWN_WITH_A_BUTTON_MS : SHOWN_MS);
    return toast;
  }

  // Change the text of a message, which stays as long as a new one.
  change(toast, text) {
    toast.querySelector("p").textContent = text;
    toast.leaveLater();
  }

  leaveLater(toast, shownMs) {
    let waiting;
    const stay = () => clearTimeout(waiting);
    const go = () => {
      stay();
      waiting = setTimeout(() => toast.remove(), shownMs);
    };
    for (const type of ["pointerenter", "focusin"]) toast.addEventListener(type, stay);
    for (const type of ["pointerleave", "focusout"]) toast.addEventListener(type, go);
    toast.leaveLater = () => !toast.matches(":hover, :focus-within") && go();
    go();
  }
}
