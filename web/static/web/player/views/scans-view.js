// The view of scans, for administrators: start one, see its progress, the results of earlier ones
// and of purges, and the files that could not be read.

import { get } from "../api.js";
import { element } from "../element.js";
import { TableRows } from "../table-rows.js";
import { filled, gettext, ngettext } from "../translation.js";
import { moment, number, took } from "../words.js";
import { emptiedFolders, passedOver } from "./scan-findings.js";
import { ScanJoins } from "./scan-joins.js";
import { failure } from "./states.js";

const SHOWN_SCANS = 20;
const SHOWN_FAILURES = 500;
const COUNT_NAMES = {
  seen: gettext("Seen"),
  added: gettext("Added"),
  updated: gettext("Updated"),
  moved: gettext("Moved"),
  restored: gettext("Restored"),
  joined: gettext("Joined"),
  missing: gettext("Missing"),
  failed: gettext("Failed"),
  purged: gettext("Purged"),
};
const COUNTS = Object.keys(COUNT_NAMES);
const KINDS = { scan: gettext("Scan"), purge: gettext("Purge"), restore: gettext("Restore"), edit: gettext("Edit"), reread: gettext("Reading again") };
const STATES = { running: gettext("running"), completed: gettext("completed"), failed: gettext("failed"), cancelled: gettext("cancelled") };
const TRIGGERS = { command: gettext("command"), admin: gettext("admin"), api: "API", schedule: gettext("schedule"), watch: gettext("changed files") };

export class ScansView {
  title = gettext("Scans");
  requests = 0; // counts calls of `refresh`

  constructor(page) {
    this.page = page;
    this.onScan = () => this.scanChanged();
    const addressOfScan = ({ id }) => `${page.admin}library/scan/${id}/change/`;
    this.scans = new TableRows({
      label: gettext("The latest scans"),
      columns: [gettext("Started"), gettext("What"), gettext("By"), gettext("State"), gettext("Took"), ...Object.values(COUNT_NAMES)],
      cellsOf: (scan) => cellsOfScan(scan, addressOfScan(scan), () => this.showJoins(scan)),
      open: (scan) => page.router.leave(addressOfScan(scan)),
    });
  }

  get keys() {
    return this.scans.selection;
  }

  async begin() {
    const { scanStatus, container } = this.page;
    this.history = element("div");
    this.failures = element("div");
    this.joins = new ScanJoins();
    this.joinsOf = null;
    this.emptied = element("div");
    this.ignored = element("div");
    this.rereading = element("div");
    container.replaceChildren(
      element("div", { class: "heading" }, element("h1", {}, gettext("Scans"))),
      scanStatus.makePanel(),
      this.rereading,
      this.emptied,
      this.failures,
      this.ignored,
      this.history,
      this.joins.element,
    );
    scanStatus.addEventListener("change", this.onScan);
    await this.refresh();
    this.page.loaded();
  }

  end() {
    this.page.scanStatus.removeEventListener("change", this.onScan);
  }

  scanChanged() {
    const { latest } = this.page.scanStatus;
    // Compared by id too: a short scan may begin and end between two answers of the server.
    const now = latest ? `${latest.id} ${latest.state}` : "";
    if (this.known !== undefined && this.known !== now) this.refresh();
    this.known = now;
    // Update the row of the running scan.
    const { rows } = this.scans.source;
    if (latest) this.scans.show(rows.map((scan) => (scan.id === latest.id ? latest : scan)));
  }

  async refresh() {
    this.requests += 1;
    const { requests } = this;
    try {
      const [scans, failures, library] = await Promise.all([
        get(`scans?limit=${SHOWN_SCANS}`),
        get(`failures?limit=${SHOWN_FAILURES}`),
        get("library"),
      ]);
      if (requests !== this.requests) return; // a newer request was made meanwhile
      this.showScans(scans.body.results);
      this.failures.replaceChildren(...failuresOf(failures.body));
      this.rereading.replaceChildren(...rereadingOf(library.body.rereading));
    } catch (error) {
      this.history.replaceChildren(failure(gettext("The scans"), error, () => this.page.reload()));
    }
    await this.page.scanStatus.poll();
  }

  showScans(scans) {
    this.scans.show(scans);
    this.showFindings(scans);
    const chosen = scans.find(({ id }) => id === this.joinsOf) ?? scans.find(({ joined }) => joined);
    this.joins.show(chosen);
    const isShown = this.scans.element.parentElement === this.history;
    if (!scans.length) this.history.replaceChildren();
    else if (!isShown) this.history.replaceChildren(element("h2", {}, gettext("The latest scans")), this.scans.element);
  }

  // Show which tracks this scan has joined.
  async showJoins(scan) {
    this.joinsOf = scan.id;
    await this.joins.show(scan);
    this.joins.element.scrollIntoView({ block: "nearest" });
  }

  // Show the findings of the last complete scan of all folders.
  showFindings(scans) {
    const last = scans.find(({ kind, folders, state }) => kind === "scan" && !folders.length && ["completed", "failed"].includes(state));
    const isRunning = scans[0]?.state === "running";
    const scanAgain = () => this.page.scanStatus.startWithEmptyFolders();
    this.emptied.replaceChildren(...(isRunning ? [] : emptiedFolders(last?.emptied ?? [], scanAgain)));
    this.ignored.replaceChildren(...passedOver(last?.ignored ?? {}));
  }
}

// `showJoins()` shows what the scan has joined.
const cellsOfScan = (scan, address, showJoins) => [
  element("a", { href: address, tabindex: "-1" }, moment(scan.started_at)),
  KINDS[scan.kind] ?? scan.kind,
  TRIGGERS[scan.trigger] ?? scan.trigger,
  STATES[scan.state] ?? scan.state,
  scan.finished_at ? took((Date.parse(scan.finished_at) - Date.parse(scan.started_at)) / 1000) : "",
  ...COUNTS.map((name) => (name === "joined" && scan.joined ? joinsButton(scan, showJoins) : isCounted(scan, name) ? number(scan[name]) : "")),
];

const joinsButton = ({ id, joined }, showJoins) =>
  element("button", { type: "button", class: "count-button", "aria-label": filled(gettext("%(count)s: show what was joined"), { count: number(joined) }), "data-scan": id, on: { click: showJoins } }, number(joined));

// A purge counts the tracks that it deleted, a scan everything else.
const isCounted = ({ kind }, name) => (name === "purged" ? kind === "purge" : kind === "scan");

const table = (label, headings, rows) =>
  element(
    "div",
    { class: "table-place", tabindex: "0", role: "region", "aria-label": label },
    element(
      "table",
      {},
      element("thead", {}, element("tr", {}, ...headings.map((heading) => element("th", { scope: "col" }, heading)))),
      element("tbody", {}, ...rows.map((cells) => element("tr", {}, ...cells.map((cell) => element("td", { dir: "auto" }, cell))))),
    ),
  );

// After an upgrade, how many of the known files have been read again.
const rereadingOf = (progress) => {
  if (!progress) return [];
  const { done, total, is_waiting: isWaiting } = progress;
  const text = filled(gettext("Reading again after an upgrade or a changed setting: %(done)s of %(total)s tracks."), { done: number(done), total: number(total) });
  const others = isWaiting ? gettext("The others cannot be read at present; mus tries again later.") : "";
  return [element("p", { class: "scan-rereading" }, [text, others].filter(Boolean).join(" "))];
};

const failuresOf = ({ count, results }) => {
  if (!count) return [element("h2", {}, gettext("Failures")), element("p", {}, gettext("Every file could be read."))];
  const more = count > results.length ? element("p", {}, filled(gettext("The first %(count)s of them; the rest is in the admin."), { count: number(results.length) })) : null;
  const isOneFolder = new Set(results.map(({ root }) => root)).size === 1;
  const shown = ({ path, reason, root }) => (isOneFolder ? [path, reason] : [path, reason, root]);
  const columns = shown({ path: gettext("File"), reason: gettext("Why"), root: gettext("Folder") });
  const heading = element("h2", {}, filled(ngettext("%(count)s file could not be read", "%(count)s files could not be read", count), { count: number(count) }));
  return [heading, table(gettext("Files that could not be read"), columns, results.map(shown)), more].filter(Boolean);
};

