// The place of a list: its rows, or what stands there instead of them.

import { ApiError } from "../api.js";
import { element } from "../element.js";
import { counted } from "../words.js";
import { emptyLibrary, failure, message, nothingFound } from "./states.js";

export class ListPlace {
  // `list`: a WindowedList, in the element `body`. `noun`: what one of its items is. `clear()` takes
  // back what `narrow` says.
  constructor(page, { list, body, noun, clear }) {
    const { source } = list;
    Object.assign(this, { page, list, source, body, noun, clear });
    this.count = element("p", { class: "count", role: "status" });
    this.element = element("div", {}, body);
    source.addEventListener("change", () => this.loaded());
    source.addEventListener("fail", () => this.failed());
    source.addEventListener("turn", () => (page.scroller.scrollTop = 0));
  }

  // `query`: what is searched for; `isNarrowed` where less than all is asked for.
  narrow(query, isNarrowed = Boolean(query)) {
    Object.assign(this, { query, isNarrowed });
  }

  async loaded() {
    const { count } = this.source;
    this.count.textContent = counted(count, this.noun) + (this.query ? " found" : "");
    const shown = count ? this.body : await this.nothing();
    if (this.list.hasEnded || this.source.count !== count) return; // that was long ago
    this.show(shown);
    this.list.update();
    this.page.loaded();
  }

  async nothing() {
    if (this.isNarrowed) return nothingFound(this.query, this.clear);
    try {
      return await emptyLibrary(this.page.scanStatus);
    } catch (error) {
      return failure("The library", error, () => this.page.reload());
    }
  }

  // What is here already stays.
  failed() {
    if (!this.source.count) this.show(failure(`The ${this.noun}s`, this.source.error, () => this.page.reload()));
  }

  show(content) {
    if (this.element.firstElementChild !== content) this.element.replaceChildren(content);
  }
}

// One album or artist could not be shown: it is gone, or could not be asked for.
export const showProblem = (page, noun, error) => {
  const isGone = error instanceof ApiError && error.status === 404;
  const all = element("p", {}, element("a", { class: "button", href: `/${noun}s` }, `All ${noun}s`));
  page.container.replaceChildren(
    isGone
      ? message(`This ${noun} is not here (any more)`, [all], "h1")
      : failure(`The ${noun}`, error, () => page.reload(), "h1"),
  );
};
