// The full player: the bar over the whole window, with the large cover, lyrics and what comes next.
// While it is open, the page behind it takes no focus. Esc, Back and a swipe down close it.

import { layers } from "./layers.js";
import { closeMenu } from "./menu.js";
import { focusAsByPointer } from "./pointer-focus.js";
import { listenToSwipes } from "./swipes.js";

const BEHIND = ".skip-link, .rail, .top, main, .tabs, #queue";

// Event "change": it was opened or closed.
export class FullPlayer extends EventTarget {
  // `bar`: the element of the bar; `parts`: its parts by name.
  constructor(bar, parts, player) {
    super();
    Object.assign(this, { bar, parts, player });
    for (const part of ["expand", "open"]) parts[part].addEventListener("click", () => this.toggle());
    parts.cover.addEventListener("click", () => this.toggle());
    parts.collapse.addEventListener("click", () => this.set(false));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.isOpen && !isForAnother(event) && this.set(false));
    player.addEventListener("track", () => this.isOpen && player.trackId === null && this.set(false));
    listenToSwipes(bar, parts, {
      isOpen: () => this.isOpen,
      close: () => this.set(false),
      next: () => player.next(),
      previous: () => player.previous(true),
    });
  }

  get isOpen() {
    return this.bar.classList.contains("is-expanded");
  }

  // Open it, or close it. Returns false if there is nothing to show.
  toggle() {
    if (this.player.trackId === null) return false;
    if (this.uncover) this.uncover();
    else this.set(!this.isOpen);
    return true;
  }

  set(isOpen) {
    if (isOpen === this.isOpen) return;
    if (isOpen) this.opener = document.activeElement;
    this.show(isOpen);
    closeMenu();
    if (isOpen) {
      this.parts.collapse.focus();
      this.layer = layers.add(() => this.set(false), true);
    } else {
      layers.remove(this.layer);
      this.giveFocusBack();
    }
  }

  // To where it was. If nothing had it, as after a click, a button gets it that Space does not press.
  giveFocusBack() {
    const { opener, parts } = this;
    const isNone = opener === document.body;
    const to = [isNone ? null : opener, parts.expand, parts.open].find((each) => each?.checkVisibility());
    if (isNone) focusAsByPointer(to);
    else to?.focus();
  }

  show(isOpen) {
    this.bar.classList.toggle("is-expanded", isOpen);
    document.body.classList.toggle("has-expanded-bar", isOpen);
    for (const each of document.querySelectorAll(BEHIND)) each.inert = isOpen && (each.id !== "queue" || isCovering(each));
    this.dispatchEvent(new Event("change"));
  }

  // On a phone, another layer opens above the full player and shows the small bar. The full player
  // stays in the history, so that Back returns to it. `uncover()` closes the layer above.
  goBelow(uncover) {
    if (!this.isOpen) return;
    this.uncover = uncover;
    this.show(false);
  }

  // The layer above was closed.
  returnToTop() {
    if (!this.uncover) return;
    this.uncover = null;
    this.show(true);
  }
}

// Whether the element covers the page, as the queue does on a phone. In a wide window the queue is
// beside the full player.
export const isCovering = (element) => getComputedStyle(element).position === "fixed";

// Menus, dialogs and the queue have an Esc of their own.
const isForAnother = ({ target, defaultPrevented }) =>
  defaultPrevented || target.closest?.(".menu, dialog, #queue") || document.querySelector("dialog[open]");
