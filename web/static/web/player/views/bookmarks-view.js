// The view of the user's bookmarks, those that changed last first.

import { element } from "../element.js";
import { filled, gettext } from "../translation.js";
import { clockFromZero, moment } from "../words.js";
import { heardRow } from "./heard-rows.js";
import { failure, message } from "./states.js";

export class BookmarksView {
  title = gettext("Bookmarks");

  constructor(page) {
    this.page = page;
    this.bookmarks = page.bookmarks;
    this.body = element("div", { class: "history" });
    this.onChange = () => this.show();
  }

  begin() {
    this.page.container.replaceChildren(element("div", { class: "heading" }, element("h1", {}, this.title)), this.body);
    this.bookmarks.addEventListener("change", this.onChange);
    if (this.bookmarks.all) this.show();
    this.bookmarks.load();
  }

  end() {
    this.bookmarks.removeEventListener("change", this.onChange);
  }

  get hasFailed() {
    return this.bookmarks.error !== null;
  }

  concerns(changes) {
    return changes.has("track");
  }

  refresh() {
    return this.bookmarks.load();
  }

  show() {
    const { all, error } = this.bookmarks;
    const focused = document.activeElement?.closest?.(".heard-row button")?.getAttribute("aria-label");
    if (!all) this.body.replaceChildren(failure(gettext("The bookmarks"), error, () => this.bookmarks.load()));
    else if (!all.length) this.body.replaceChildren(nothingYet());
    else this.body.replaceChildren(element("ul", { class: "heard-rows" }, ...all.map((each) => this.row(each))));
    if (focused) this.body.querySelector(`[aria-label="${CSS.escape(focused)}"]`)?.focus();
    this.page.loaded();
  }

  row(bookmark) {
    const { track, position_s: position, comment } = bookmark;
    const by = bookmark.is_by_hand ? gettext("set on %(moment)s") : gettext("left on %(moment)s");
    return heardRow({
      row: bookmark,
      aside: element("span", { class: "position" }, clockFromZero(position)),
      play: () => this.bookmarks.playFrom(bookmark),
      menu: (at) => this.page.openMenu({ ...track, isGone: bookmark.is_missing }, at),
      note: [comment, filled(by, { moment: moment(bookmark.changed_at) })].filter(Boolean).join(" · "),
    });
  }
}

const nothingYet = () =>
  message(gettext("No bookmarks yet"), [
    element("p", {}, gettext("Tracks of twenty minutes and more go on where you left them, and are listed here until then. In any other track you set a bookmark by the menu of the playing track.")),
  ]);
