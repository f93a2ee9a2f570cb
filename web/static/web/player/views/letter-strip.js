// The strip at the edge of a list sorted by a name: its first letters, and the jump to each.

import { get } from "../api.js";
import { element } from "../element.js";
import { gettext } from "../translation.js";

const FEWEST_ROWS = 50;
const FEWEST_LETTERS = 4;
const LETTER_PX = 16;
const WRITTEN = /^[\p{L}\p{N}]$/u;
const OTHER = "#"; // the API's letter for digits and signs
const BY_NAME = /^-?(?:title|artist|album|name)$/; // the orders of the API that have letters

export class LetterStrip {
  letters = []; // `{ letter, offset }`, as the API tells them
  now = 0; // the letter in sight

  // `keys`: the list's Selection or LinkKeys. `address()`: where the API tells the letters of the present
  // list.
  constructor(scroller, list, { keys, address }) {
    Object.assign(this, { scroller, list, keys, address, source: list.source });
    this.slider = element("div", {
      class: "letters-slider",
      role: "slider",
      tabindex: "0",
      "aria-label": gettext("Letter"),
      "aria-orientation": "vertical",
      "aria-valuemin": "0",
      on: {
        keydown: (event) => this.press(event),
        pointerdown: (event) => this.grab(event),
        pointermove: (event) => this.slider.hasPointerCapture(event.pointerId) && this.drag(event),
        lostpointercapture: () => this.nav.classList.remove("is-dragged"),
      },
    });
    this.nav = element("nav", { class: "letters", "aria-label": gettext("Jump to a letter"), hidden: true }, this.slider);
    this.onScroll = () => this.follow();
    this.onChange = () => this.changed();
    this.resizes = new ResizeObserver(() => this.draw());
  }

  begin() {
    this.scroller.after(this.nav);
    this.scroller.addEventListener("scroll", this.onScroll, { passive: true });
    this.source.addEventListener("change", this.onChange);
    this.resizes.observe(this.scroller);
  }

  end() {
    this.loading?.abort();
    this.nav.remove();
    this.scroller.removeEventListener("scroll", this.onScroll);
    this.source.removeEventListener("change", this.onChange);
    this.resizes.disconnect();
  }

  // Rows have arrived: of the same list, or of another one.
  changed() {
    const key = `${this.address()} ${this.source.count}`;
    if (this.key === key) return;
    this.key = key;
    this.load();
  }

  get hasLetters() {
    const sort = new URLSearchParams(this.address().split("?")[1]).get("sort");
    return this.source.count >= FEWEST_ROWS && (!sort || BY_NAME.test(sort));
  }

  async load() {
    this.loading?.abort();
    const loading = (this.loading = new AbortController());
    try {
      const { body } = this.hasLetters ? await get(this.address(), loading.signal) : { body: { results: [] } };
      if (!loading.signal.aborted) this.show(body.results);
    } catch {
      if (!loading.signal.aborted) this.show([]); // the list can be scrolled without it
    }
  }

  show(letters) {
    this.letters = letters;
    this.nav.hidden = letters.length < FEWEST_LETTERS;
    this.slider.setAttribute("aria-valuemax", Math.max(0, letters.length - 1));
    this.drawn = 0;
    this.draw();
    this.follow();
  }

  // As many of the letters as fit; a touch between two of them finds those that are left out.
  draw() {
    this.nav.style.setProperty("--gutter", `${this.scroller.offsetWidth - this.scroller.clientWidth}px`);
    const step = Math.ceil(this.letters.length / Math.max(1, Math.floor(this.slider.clientHeight / LETTER_PX))) || 1;
    if (this.drawn === step) return;
    this.drawn = step;
    const shown = this.letters.filter((_, at) => at % step === 0);
    this.slider.replaceChildren(...shown.map(({ letter }) => element("span", { "aria-hidden": "true" }, letter)));
    this.mark();
  }

  follow() {
    if (this.nav.hidden || this.nav.classList.contains("is-dragged")) return;
    const { first } = this.list.inSight();
    const after = this.letters.findIndex(({ offset }) => offset > first);
    this.now = Math.max(0, (after < 0 ? this.letters.length : after) - 1);
    this.mark();
  }

  mark() {
    const letter = this.letters[this.now]?.letter ?? "";
    this.slider.setAttribute("aria-valuenow", this.now);
    this.slider.setAttribute("aria-valuetext", letter);
    this.nav.dataset.letter = letter;
    const shown = Math.floor(this.now / this.drawn);
    [...this.slider.children].forEach((each, at) => each.classList.toggle("is-now", at === shown));
  }

  go(at) {
    this.now = Math.max(0, Math.min(at, this.letters.length - 1));
    this.list.scrollTo(this.letters[this.now].offset);
    this.mark();
  }

  grab(event) {
    if (event.button !== 0) return;
    event.preventDefault();
    this.slider.setPointerCapture(event.pointerId);
    this.nav.classList.add("is-dragged");
    this.hasGone = false; // also the letter in sight leads to its first row
    this.drag(event);
  }

  drag({ clientY }) {
    const { top, height } = this.slider.getBoundingClientRect();
    const at = Math.max(0, Math.min(this.letters.length - 1, Math.floor(((clientY - top) / height) * this.letters.length)));
    this.nav.style.setProperty("--at", `${Math.max(0, Math.min(height, clientY - top))}px`);
    if (at !== this.now || !this.hasGone) this.go(at);
    this.hasGone = true;
  }

  // Arrows go from letter to letter, a letter to its own place, Enter to the first row there.
  press(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.key === "Tab") return;
    const to = { ArrowDown: this.now + 1, ArrowRight: this.now + 1, ArrowUp: this.now - 1, ArrowLeft: this.now - 1, Home: 0, End: this.letters.length - 1 }[event.key] ?? this.letterOf(event.key);
    if (event.key === "Enter") this.enter();
    else if (to === null) return;
    else this.go(to);
    event.preventDefault();
    event.stopPropagation();
  }

  // A letter or digit that begins no name leads nowhere, and is no shortcut of the page here.
  letterOf(key) {
    if (!WRITTEN.test(key)) return null;
    const names = [key.toUpperCase(), key.normalize("NFKD")[0].toUpperCase(), /\p{N}/u.test(key) ? OTHER : key];
    const at = this.letters.findIndex(({ letter }) => names.includes(letter));
    return at < 0 ? this.now : at;
  }

  enter() {
    const { offset } = this.letters[this.now];
    if (this.keys.goTo) this.keys.goTo(offset);
    else {
      this.keys.set(offset, true);
      this.keys.grid.focus({ preventScroll: true });
    }
  }
}
