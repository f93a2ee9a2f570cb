// The view of what the user heard in a period: how much, what most, at which hours and on which days.

import { get } from "../api.js";
import { barPicture } from "../bar-picture.js";
import { element } from "../element.js";
import { addressOf } from "../router.js";
import { filled, gettext } from "../translation.js";
import { length, number } from "../words.js";
import { failure, message } from "./states.js";
import { listsOf } from "./statistics-lists.js";
import { chosenIn, dayOf, dayText, nameOfChosen, periodOf, USUAL } from "./statistics-periods.js";

const LIMIT = 10;
const MONTHS = 12;
const HOURS = 24;
const MOST_MARKS = 5;

const formats = {
  day: new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short" }),
  month: new Intl.DateTimeFormat(undefined, { month: "short", year: "numeric" }),
  year: new Intl.DateTimeFormat(undefined, { year: "numeric" }),
};
const months = new Intl.DateTimeFormat(undefined, { month: "long" });
const wholeMonths = new Intl.DateTimeFormat(undefined, { month: "long", year: "numeric" });
const hours = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

const today = () => new Date();
const hourName = (hour) => hours.format(new Date(2026, 0, 1, hour % HOURS));
const zone = () => Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";

export class StatisticsView {
  title = gettext("Statistics");

  constructor(page) {
    this.page = page;
    this.chooser = element("div", { class: "periods" });
    this.body = element("div", { class: "statistics" });
    this.asked = 0;
  }

  begin() {
    const history = element("a", { class: "button", href: addressOf("history") }, gettext("History"));
    const heading = element("div", { class: "heading" }, element("h1", {}, this.title), element("div", { class: "actions" }, history));
    this.page.container.replaceChildren(heading, this.chooser, this.body);
    this.turnTo();
  }

  // Another period was chosen.
  turnTo() {
    this.period = periodOf(this.page.place.query.get("of"), today());
    this.choose();
    this.load();
  }

  end() {
    this.isOver = true;
  }

  get hasFailed() {
    return Boolean(this.error);
  }

  // The lists have names and pictures of the library.
  concerns(changes) {
    return changes.has("track", "album", "artist");
  }

  refresh() {
    return this.load();
  }

  async heard() {
    if (this.page.scroller.scrollTop < 100 && !this.body.contains(document.activeElement)) await this.load();
  }

  async load() {
    const asked = (this.asked += 1);
    const { from, until } = this.period;
    const limits = from ? { from: dayText(from), until: dayText(until) } : {};
    this.body.setAttribute("aria-busy", "true");
    const shown = await this.loaded(new URLSearchParams({ ...limits, tz: zone(), limit: LIMIT }));
    if (this.isOver || asked !== this.asked) return;
    this.body.removeAttribute("aria-busy");
    this.body.replaceChildren(...shown);
    this.page.loaded();
  }

  async loaded(query) {
    try {
      const { body } = await get(`statistics?${query}`);
      this.error = null;
      this.since = body.since;
      this.choose();
      return body.plays ? contentOf(body, this.page) : [nothingHeard(body.since)];
    } catch (error) {
      this.error = error;
      return [failure(gettext("The statistics"), error, () => this.load())];
    }
  }

  // Links to the usual periods, and fields for a year and a month of it. A field that has the focus
  // stays in the document.
  choose() {
    const { name } = this.period;
    const key = `${name} ${this.since}`;
    if (this.chooserKey === key) return;
    this.chooserKey = key;
    const focused = this.chooser.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    const usual = { week: gettext("This week"), month: gettext("This month"), year: gettext("This year"), all: gettext("All time") };
    const links = Object.entries(usual).map(([of, label]) =>
      element("a", { href: addressOf("statistics", null, { of: of === USUAL ? "" : of }), "data-key": of, "aria-current": of === name ? "true" : null }, label),
    );
    this.chooser.replaceChildren(element("nav", { class: "kinds", "aria-label": gettext("Periods") }, ...links), ...this.fields(name));
    if (focused) this.chooser.querySelector(`[data-key="${focused}"]`)?.focus();
  }

  fields(name) {
    const chosen = chosenIn(name);
    const last = today().getFullYear();
    const first = Math.min(this.since ? dayOf(this.since).getFullYear() : last, chosen.year || last);
    const years = Array.from({ length: last - first + 1 }, (_, at) => [last - at, String(last - at)]);
    const ofYear = Array.from({ length: MONTHS }, (_, at) => [at + 1, months.format(new Date(2026, at, 1))]);
    const go = (year, month) => this.page.router.go(addressOf("statistics", null, { of: year ? nameOfChosen(year, month) : "" }));
    const year = field(gettext("Year"), "of-year", [[0, gettext("Year")], ...years], chosen.year, (value) => go(value, value && chosen.month));
    const month = field(gettext("Month"), "of-month", [[0, gettext("All months")], ...ofYear], chosen.month, (value) => go(chosen.year || last, value));
    return [element("div", { class: "chosen" }, year, month)];
  }
}

const field = (label, key, options, value, choose) => {
  const made = element(
    "select",
    { "aria-label": label, "data-key": key, on: { change: () => choose(Number(made.value)) } },
    ...options.map(([each, text]) => element("option", { value: each, selected: each === value }, text)),
  );
  return made;
};

const nothingHeard = (since) =>
  message(since ? gettext("Nothing heard in this time") : gettext("Nothing heard yet"), [
    element("p", {}, gettext("A track counts once half of it or four minutes of it were heard, wherever you listen.")),
    element("a", { class: "button", href: addressOf("tracks") }, gettext("All tracks")),
  ]);

const contentOf = (body, page) => [figures(body), element("div", { class: "pictures" }, hoursPicture(body), spansPicture(body)), element("div", { class: "mosts" }, ...listsOf(body, page))];

const figures = ({ plays, seconds, counts }) => {
  const shown = [
    [gettext("Plays"), number(plays)],
    [gettext("Time"), length(seconds)],
    [gettext("Artists"), number(counts.artists)],
    [gettext("Albums"), number(counts.albums)],
    [gettext("Tracks"), number(counts.tracks)],
    [gettext("Genres"), number(counts.genres)],
  ];
  return element("dl", { class: "totals" }, ...shown.map(([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value))));
};

const barsOf = (rows, nameOf) =>
  rows.map((row, at) => {
    const text = row.plays ? length(row.seconds) : "–";
    return { name: nameOf(row, at), value: row.seconds, text, cells: [number(row.plays), text] };
  });

const pictureOf = (title, head, bars, marks) => {
  const most = bars.reduce((best, each) => (each.value > best.value ? each : best));
  const note = filled(gettext("Most: %(name)s, %(time)s"), { name: most.name, time: most.text });
  const picture = barPicture({ label: title, note, bars, columns: [head, gettext("Plays"), gettext("Time")], marks });
  return element("section", { "aria-label": title }, element("h2", {}, title), picture);
};

const hoursPicture = ({ hours: rows }) => {
  const marks = [0, 6, 12, 18, HOURS].map(hourName);
  return pictureOf(gettext("By hour of the day"), gettext("Hour"), barsOf(rows, (_, at) => hourName(at)), marks);
};

const spansPicture = ({ spans, unit }) => {
  const titles = { day: gettext("By day"), month: gettext("By month"), year: gettext("By year") };
  const heads = { day: gettext("Day"), month: gettext("Month"), year: gettext("Year") };
  const bars = barsOf(spans, ({ from }) => formats[unit].format(dayOf(from)));
  const steps = Math.min(MOST_MARKS, bars.length);
  const marks = Array.from({ length: steps }, (_, at) => bars[Math.round((at * (bars.length - 1)) / Math.max(1, steps - 1))].name);
  return pictureOf(titles[unit], heads[unit], bars, marks);
};
