// The view of what the user heard, by day, the newest first. More is loaded as one scrolls.

import { get } from "../api.js";
import { element } from "../element.js";
import { addressOf } from "../router.js";
import { gettext } from "../translation.js";
import { day, dayAndMonth, timeOfDay } from "../words.js";
import { heardRow } from "./heard-rows.js";
import { failure, message } from "./states.js";

const PORTION = 100;
const AHEAD = "600px";

export class HistoryView {
  title = gettext("History");

  constructor(page) {
    this.page = page;
    this.body = element("div", { class: "history" });
    this.foot = element("div", { class: "history-end" });
    this.watcher = new IntersectionObserver(([{ isIntersecting }]) => isIntersecting && this.more(), { root: page.scroller, rootMargin: AHEAD });
  }

  begin() {
    this.page.container.replaceChildren(heading(this.title), this.body, this.foot);
    this.reload();
  }

  end() {
    this.watcher.disconnect();
    this.isOver = true;
  }

  get hasFailed() {
    return Boolean(this.error);
  }

  // Rows show titles and covers of tracks.
  concerns(changes) {
    return changes.has("track");
  }

  async refresh() {
    await this.reload();
  }

  // Something was heard: show it if the newest plays are in sight, and do not move others.
  async heard() {
    if (this.page.scroller.scrollTop < 100) await this.reload();
  }

  // Load the first page, and replace what is shown by it.
  async reload() {
    this.watcher.disconnect();
    const { results, next } = await this.load("");
    if (this.isOver || !results) return;
    this.body.replaceChildren();
    this.lastDay = null;
    if (results.length) this.append(results, next);
    else this.body.replaceChildren(nothingYet());
    this.page.loaded();
  }

  async more() {
    if (this.isLoading || !this.next) return;
    this.isLoading = true;
    this.watcher.disconnect();
    const { results, next } = await this.load(`&before=${this.next}`);
    this.isLoading = false;
    if (!this.isOver && results) this.append(results, next);
  }

  async load(rest) {
    try {
      const { body } = await get(`plays?limit=${PORTION}${rest}`);
      this.error = null;
      return body;
    } catch (error) {
      this.error = error;
      if (!this.isOver) this.fail(error, rest);
      return {};
    }
  }

  fail(error, rest) {
    const retry = () => {
      this.foot.replaceChildren();
      if (rest) this.more();
      else this.reload();
    };
    this.foot.replaceChildren(failure(gettext("The history"), error, retry));
  }

  append(plays, next) {
    this.foot.replaceChildren();
    for (const play of plays) this.dayOf(play).append(this.row(play));
    this.next = next;
    if (next) this.watcher.observe(this.foot);
  }

  // The list of the day of this play, which is the last one or a new one below it.
  dayOf({ started_at: at }) {
    const name = day(at);
    if (name !== this.lastDay?.dataset.day) {
      this.lastDay = element("ul", { class: "heard-rows", "data-day": name });
      this.body.append(element("section", { class: "day", "aria-label": name }, element("h2", {}, dayAndMonth(at)), this.lastDay));
    }
    return this.lastDay;
  }

  row(play) {
    const { player } = this.page;
    return heardRow({
      row: play,
      aside: element("time", { datetime: play.started_at }, timeOfDay(play.started_at)),
      play: () => player.playAll([play.track.id]),
      menu: (at) => this.page.openMenu({ ...play.track, isGone: play.is_missing }, at),
    });
  }
}

const heading = (title) => {
  const statistics = element("a", { class: "button", href: addressOf("statistics") }, gettext("Statistics"));
  return element("div", { class: "heading" }, element("h1", {}, title), element("div", { class: "actions" }, statistics));
};

const nothingYet = () =>
  message(gettext("Nothing heard yet"), [
    element("p", {}, gettext("A track is listed here once half of it or four minutes of it were heard, wherever you listen.")),
    element("a", { class: "button", href: addressOf("tracks") }, gettext("All tracks")),
  ]);
