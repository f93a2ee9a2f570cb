// The lyrics in the full player. Lines with times follow what is sung, and a click on one goes there;
// other lyrics are scrolled by hand.

import { storageName } from "./addresses.js";
import { element } from "./element.js";
import { lineAt } from "./lyrics-lines.js";
import { read, write } from "./storage.js";
import { gettext } from "./translation.js";

const KEY = storageName("mus-lyrics");
const AHEAD_S = 0.15; // the player tells its position four times a second
const BY_HAND_MS = 5000; // who scrolls is left alone for so long
const STEPS = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity };
const calm = matchMedia("(prefers-reduced-motion: reduce)");
const wide = matchMedia("(min-width: 1000px)");

export class LyricsPane {
  lines = []; // those with times
  at = -1; // the index of the line that is sung

  // `place`: the element of the lyrics, `button`: what shows and hides them, `bar`: the element that
  // has both.
  constructor(place, button, bar, player) {
    Object.assign(this, { place, button, bar, player });
    button.addEventListener("click", () => this.setShown(!this.isShown));
    player.addEventListener("time", () => this.follow());
    for (const type of ["wheel", "touchmove", "pointerdown"]) place.addEventListener(type, () => this.leaveToHand(), { passive: true });
    place.addEventListener("keydown", (event) => this.press(event));
    place.addEventListener("click", ({ target }) => this.choose(target.closest("button")));
    this.showWhether(read(KEY) ?? wide.matches);
    this.show([]);
  }

  get isShown() {
    return this.bar.classList.contains("shows-lyrics");
  }

  setShown(isShown) {
    write(KEY, isShown);
    this.showWhether(isShown);
    this.follow(true);
  }

  showWhether(isShown) {
    this.bar.classList.toggle("shows-lyrics", isShown);
    this.button.setAttribute("aria-pressed", isShown);
  }

  // `found`: all lyrics of the track, as the API lists them, the best first.
  show([best]) {
    const lines = best?.lines ?? [];
    const isSynced = best?.kind === "synced";
    this.lines = isSynced ? lines : [];
    this.at = -1;
    this.byHandUntil = 0;
    this.button.disabled = !lines.length;
    this.bar.classList.toggle("has-lyrics", lines.length > 0);
    this.place.hidden = !lines.length;
    this.place.replaceChildren(...lines.map((line, index) => (isSynced ? syncedLine(line, index) : plainLine(line))));
    if (isSynced) this.place.removeAttribute("tabindex");
    else this.place.tabIndex = 0; // what scrolls has to be reached by keys
    this.place.scrollTop = 0;
    this.follow(true);
  }

  // `isAtOnce`: scroll without a movement.
  follow(isAtOnce = false) {
    if (!this.lines.length) return;
    const at = lineAt(this.lines, this.player.position + AHEAD_S);
    if (at !== this.at) this.mark(at);
    else if (!isAtOnce) return;
    if (performance.now() >= this.byHandUntil) this.reveal(Math.max(0, at), isAtOnce);
  }

  mark(at) {
    this.place.querySelector("[aria-current]")?.removeAttribute("aria-current");
    this.place.children[at]?.setAttribute("aria-current", "true");
    if (!this.place.contains(document.activeElement)) this.letTabReach(Math.max(0, at));
    this.at = at;
  }

  // One of the lines is reached by Tab, the others by arrows.
  letTabReach(index) {
    this.place.querySelector('[tabindex="0"]')?.setAttribute("tabindex", "-1");
    this.place.children[index]?.setAttribute("tabindex", "0");
  }

  reveal(index, isAtOnce) {
    const { place } = this;
    const line = place.children[index];
    const top = line.offsetTop - (place.clientHeight - line.offsetHeight) / 2;
    place.scrollTo({ top, behavior: isAtOnce || calm.matches ? "instant" : "smooth" });
  }

  leaveToHand() {
    this.byHandUntil = performance.now() + BY_HAND_MS;
  }

  press(event) {
    const { key, target } = event;
    if (!(key in STEPS) || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.stopPropagation(); // it is not for the list behind
    this.leaveToHand();
    if (!this.lines.length) return; // the browser scrolls
    event.preventDefault();
    const from = [...this.place.children].indexOf(target);
    const to = Math.max(0, Math.min(from + STEPS[key], this.lines.length - 1));
    this.letTabReach(to);
    this.place.children[to].focus();
  }

  choose(button) {
    if (!button) return;
    this.byHandUntil = 0;
    this.player.seek(this.lines[button.dataset.index].start_s);
    this.follow();
  }
}

const syncedLine = ({ text }, index) =>
  element("button", { type: "button", class: "lyric", dir: "auto", tabindex: index ? "-1" : "0", "data-index": index, "aria-label": text ? null : gettext("No words") }, text || "♪");

const plainLine = ({ text }) => element("p", { class: "lyric", dir: "auto" }, text || "\u00a0");
