// The view of what the user heard in a period: how much, what most, at which hours and on which days.

import { get } from "../api.js";
import { barPicture } from "../bar-picture.js";
import { element } from "../element.js";
import { addressOf } from "../router.js";
import { dateLanguage, filled, gettext } from "../translation.js";
import { length, number } from "../words.js";
import { failure, message } from "./states.js";
import { listsOf } from "./statistics-lists.js";
import { chosenIn, dayOf, dayText, nameOfChosen, periodOf, USUAL } from "./statistics-periods.js";

const LIMIT = 10;
const MONTHS = 12;
const HOURS = 24;
const MOST_MARKS = 5;

const formats = {
  day: new Intl.DateTimeFormat(dateLanguage, { day: "numeric", month: "short" }),
  month: new Intl.DateTimeFormat(dateLanguage, { month: "short", year: "numeric" }),
  year: new Intl.DateTimeFormat(dateLanguage, { year: "numeric" }),
};
const months = new Intl.DateTimeFormat(dateLanguage, { month: "long" });
const hours = new Intl.DateTimeFormat(dateLanguage, { timeStyle: "short" });

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
    this.makeChooser();
  }

  begin() {
    const history = element("a", { class: "button", href: addressOf("history") }, gettext("History"));
    const heading = element("div", { class: "heading" }, element("h1", {}, this.title), element("div", { class: "actions" }, history));
    this.page.container.replaceChildren(heading, this.chooser, this.body);
    this.turnTo();
  }

  // Another period was chosen.
  turnTo() {
    this.period = this.presentPeriod();
    this.choose();
    this.load();
  }

  presentPeriod() {
    return periodOf(this.page.place.query.get("of"), today());
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
    this.period = this.presentPeriod(); // a page that stays open gets to another week, month and year
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

  // Show which period is chosen. The fields stay in the document, so that somebody who types a year
  // into one is not disturbed.
  choose() {
    const { name } = this.period;
    const { year, month } = chosenIn(name);
    for (const link of this.links) {
      if (link.dataset.of === name) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    this.offerYears(year);
    this.yearField.value = year;
    this.monthField.value = month;
  }

  makeChooser() {
    const usual = { week: gettext("This week"), month: gettext("This month"), year: gettext("This year"), all: gettext("All time") };
    this.links = Object.entries(usual).map(([of, label]) => element("a", { href: addressOf("statistics", null, { of: of === USUAL ? "" : of }), "data-of": of }, label));
    const ofYear = Array.from({ length: MONTHS }, (_, at) => [at + 1, months.format(new Date(2026, at, 1))]);
    const go = () => this.goTo(Number(this.yearField.value), Number(this.monthField.value));
    this.yearField = field(gettext("Year"), [], go);
    this.monthField = field(gettext("Month"), [[0, gettext("All months")], ...ofYear], () => {
      if (this.yearField.value === "0") this.yearField.value = today().getFullYear();
      go();
    });
    this.chooser.append(
      element("nav", { class: "kinds", "aria-label": gettext("Periods") }, ...this.links),
      element("div", { class: "chosen" }, this.yearField, this.monthField),
    );
  }

  goTo(year, month) {
    this.page.router.go(addressOf("statistics", null, { of: year ? nameOfChosen(year, month) : "" }));
  }

  // From the year of the first play on, and the chosen one.
  offerYears(chosen) {
    const last = Math.max(today().getFullYear(), chosen);
    const first = Math.min(this.since ? dayOf(this.since).getFullYear() : last, chosen || last);
    if (this.yearField.length === last - first + 2) return;
    const years = Array.from({ length: last - first + 1 }, (_, at) => [last - at, String(last - at)]);
    this.yearField.replaceChildren(...optionsOf([[0, gettext("Year")], ...years]));
  }
}

const optionsOf = (options) => options.map(([value, text]) => element("option", { value }, text));

const field = (label, options, choose) => element("select", { "aria-label": label, on: { change: choose } }, ...optionsOf(options));

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
