// Shows a list, or instead of it a message that it is empty or could not be loaded.

import { ApiError } from "../api.js";
import { element } from "../element.js";
import { addressOf } from "../router.js";
import { filled, gettext } from "../translation.js";
import { counted, oneOf, severalOf } from "../words.js";
import { emptyLibrary, failure, message, nothingFound } from "./states.js";

const WITH_OPERATORS = ["track", "album", "artist", "composer"];

export class ListPlace {
  // `list`: a WindowedList in the element `body`. `noun`: the word for one item. `clear()` removes
  // the search and filters. `nothing()` (optional) returns a message for the present filters, or null
  // for the usual one.
  constructor(page, { list, body, noun, clear, nothing = () => null }) {
    const { source } = list;
    Object.assign(this, { page, list, source, body, noun, clear, ownNothing: nothing });
    this.count = element("p", { class: "count", role: "status" });
    this.notes = element("div", { class: "search-notes", role: "status" });
    this.shown = element("div", {}, body);
    this.element = element("div", {}, this.notes, this.shown);
    source.addEventListener("change", () => this.loaded());
    source.addEventListener("fail", () => this.failed());
    source.addEventListener("turn", () => (page.scroller.scrollTop = 0));
  }

  // Set the search and whether the list is filtered at all.
  narrow(query, isNarrowed = Boolean(query)) {
    Object.assign(this, { query, isNarrowed });
  }

  async loaded() {
    const { count } = this.source;
    this.count.textContent = this.query ? filled(gettext("%(what)s found"), { what: counted(count, this.noun) }) : counted(count, this.noun);
    const shown = count ? this.body : await this.nothing();
    if (this.list.hasEnded || this.source.count !== count) return; // changed meanwhile
    this.element.classList.toggle("is-of-empty-library", !count && !this.isNarrowed);
    this.show(shown);
    this.list.update();
    this.page.loaded();
    await this.showNotes();
  }

  // What of the search was not understood. Only some searches can have such parts.
  async showNotes() {
    const query = WITH_OPERATORS.includes(this.noun) && /[:：]|^\s*-/.test(this.query) ? this.query : "";
    if (query === (this.noted ?? "")) return;
    this.noted = query;
    const { showNotesOf } = await import("../search-notes.js");
    await showNotesOf(this.notes, query, () => this.noted);
    if (!this.list.hasEnded) this.list.update();
  }

  async nothing() {
    if (this.isNarrowed) return this.ownNothing() || nothingFound(this.query, this.clear);
    try {
      return await emptyLibrary(this.page.scanStatus, this.noun);
    } catch (error) {
      return failure(gettext("The library"), error, () => this.page.reload());
    }
  }

  // Rows that are shown already stay.
  failed() {
    if (!this.source.count) this.show(failure(filled(gettext("The %(things)s"), { things: severalOf(this.noun) }), this.source.error, () => this.page.reload()));
  }

  show(content) {
    if (this.shown.firstElementChild !== content) this.shown.replaceChildren(content);
  }
}

export const isGone = (error) => error instanceof ApiError && error.status === 404;

// Shows why one album or artist cannot be shown: it is gone, or could not be loaded.
export const showProblem = (page, noun, error) => {
  const all = element("p", {}, element("a", { class: "button", href: addressOf(`${noun}s`) }, filled(gettext("All %(things)s"), { things: severalOf(noun) })));
  page.container.replaceChildren(
    isGone(error)
      ? message(filled(gettext("This %(thing)s is not in the library (any more)"), { thing: oneOf(noun) }), [all], "h1")
      : failure(filled(gettext("The %(thing)s"), { thing: oneOf(noun) }), error, () => page.reload(), "h1"),
  );
};
