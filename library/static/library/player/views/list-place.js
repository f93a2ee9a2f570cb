// The place of a list: its rows, or what stands there instead of them.

import { ApiError } from "../api.js";
import { element } from "../element.js";
import { counted } from "../words.js";
import { emptyLibrary, failure, message, nothingFound } from "./states.js";

export class ListPlace {
  // `list`: a WindowedList, in the element `body`. `noun`: what one of its items is. `query`: what was
  // searched for; `isNarrowed` where less than all is asked for, `clear()` takes that back.
  constructor(page, { list, body, noun, query, isNarrowed = Boolean(query), clear }) {
    const { source } = list;
    Object.assign(this, { page, list, source, body, noun, query, isNarrowed, clear });
    this.count = element("p", { class: "count", role: "status" });
    this.element = element("div", {}, body);
    source.addEventListener("change", () => this.loaded());
    source.addEventListener("fail", () => this.failed());
  }

  async loaded() {
    const { count } = this.source;
    this.count.textContent = counted(count, this.noun) + (this.query ? " found" : "");
    if (count) this.show(this.body);
    else if (this.isNarrowed) this.show(nothingFound(this.query, this.clear));
    else this.show(await emptyLibrary(this.page.scanStatus));
    this.list.update();
    this.page.loaded();
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
    isGone ? message(`This ${noun} is not here (any more)`, all) : failure(`The ${noun}`, error, () => page.reload()),
  );
};
