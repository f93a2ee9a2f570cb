// The status of scans: the latest one and its progress, with buttons to start or cancel one for
// administrators.

import { get, send } from "./api.js";
import { element } from "./element.js";
import { filled, gettext } from "./translation.js";
import { moment, number, took, wordsOfScan } from "./words.js";

const POLL_MS = 1000;
const POLL_WITHOUT_ANSWER_MS = 5000;
const LAST = {
  completed: gettext("The last scan completed on %(moment)s after %(time)s. %(words)s"),
  failed: gettext("The last scan failed on %(moment)s after %(time)s. %(words)s"),
  cancelled: gettext("The last scan was cancelled on %(moment)s after %(time)s. %(words)s"),
};

export class ScanStatus extends EventTarget {
  latest = undefined; // until a server has answered; null if no scan has run yet
  problem = "";
  noAnswer = "";
  isRequested = false;

  constructor(isStaff) {
    super();
    this.isStaff = isStaff;
  }

  get isRunning() {
    return this.latest?.state === "running";
  }

  get isWatched() {
    return document.querySelector("[data-scan-panel]") !== null;
  }

  // Load the latest scan; repeat while it runs, or no server answers, and a panel shows it.
  async poll() {
    clearTimeout(this.polling);
    try {
      this.latest = (await get("scans?kind=scan&limit=1")).body.results[0] ?? null;
      this.noAnswer = "";
    } catch (error) {
      this.noAnswer = error.message;
    }
    this.dispatchEvent(new Event("change"));
    const isToRepeat = (this.isRunning || this.noAnswer) && this.isWatched;
    if (isToRepeat) this.polling = setTimeout(() => this.poll(), this.noAnswer ? POLL_WITHOUT_ANSWER_MS : POLL_MS);
  }

  async start(isFull) {
    await this.request("scans", { full: isFull });
  }

  // Whether a user of this page has requested a scan, whose result has not been asked for yet.
  takeRequest() {
    const { isRequested } = this;
    this.isRequested = false;
    return isRequested;
  }

  // Start a scan that accepts folders without music and marks their tracks as missing.
  async startWithEmptyFolders() {
    await this.request("scans", { allow_empty: true });
  }

  async cancel() {
    await this.request(`scans/${this.latest.id}/cancel`, {});
  }

  async request(path, body) {
    this.problem = "";
    this.isRequested = true; // before the response, which may be later than the end of the scan
    try {
      await send("POST", path, body);
    } catch (error) {
      this.problem = error.message;
      this.isRequested = false;
    }
    await this.poll();
  }

  // A panel that updates itself while it is in the document.
  makePanel() {
    const panel = element("section", { class: "scan-panel", "data-scan-panel": true, "aria-label": gettext("Scan") });
    const update = () => {
      if (!panel.isConnected && panel.firstChild) this.removeEventListener("change", update);
      else this.fill(panel);
    };
    this.addEventListener("change", update);
    setTimeout(() => this.poll());
    return panel;
  }

  fill(panel) {
    const state = element("p", { class: "scan-state", role: "status" }, describe(this.latest));
    const bar = this.isRunning ? progressOf(this.latest) : null;
    const reason = this.problem || this.noAnswer;
    const problem = reason ? element("p", { class: "problem", role: "alert" }, reason) : null;
    // Keep the same button elements if possible, since one may have the focus.
    const key = `${this.isStaff}-${this.isRunning}`;
    if (panel.dataset.buttons !== key) panel.buttons = this.isStaff ? this.makeButtons() : element("div");
    panel.dataset.buttons = key;
    const parts = [state, bar, problem].filter(Boolean);
    if (panel.buttons.parentElement === panel) {
      for (const old of [...panel.children]) if (old !== panel.buttons) old.remove();
      panel.prepend(...parts);
    } else {
      panel.replaceChildren(...parts, panel.buttons);
    }
  }

  makeButtons() {
    const button = (label, act, kind = "") => element("button", { type: "button", class: kind, on: { click: act } }, label);
    const buttons = this.isRunning
      ? [button(gettext("Cancel the scan"), () => this.cancel())]
      : [
          button(gettext("Rescan library"), () => this.start(false), "primary"),
          button(gettext("Full rescan"), () => this.start(true)),
        ];
    return element("div", { class: "actions" }, ...buttons);
  }
}

const progressOf = (scan) => {
  const total = scan.total ?? (scan.to_read || null);
  const done = scan.total === null ? scan.read : scan.seen;
  const bar = element("progress", { "aria-label": gettext("Progress of the scan"), max: total ?? 1 });
  if (total) bar.value = Math.min(done, total);
  return bar;
};

const describe = (scan) => {
  if (scan === undefined) return "";
  if (!scan) return gettext("No scan has run yet.");
  if (scan.state !== "running") {
    const seconds = (Date.parse(scan.finished_at) - Date.parse(scan.started_at)) / 1000;
    return filled(LAST[scan.state], { moment: moment(scan.finished_at), time: took(seconds), words: wordsOfScan(scan.message, scan) });
  }
  const { total, to_read: toRead } = scan;
  const read = toRead ? gettext("A scan runs: %(seen)s files seen, %(read)s of %(toRead)s read.") : gettext("A scan runs: %(seen)s files seen.");
  const ofAll = toRead ? gettext("A scan runs: %(seen)s of %(total)s files seen, %(read)s of %(toRead)s read.") : gettext("A scan runs: %(seen)s of %(total)s files seen.");
  return filled(total ? ofAll : read, { seen: number(scan.seen), total: number(total ?? 0), read: number(scan.read), toRead: number(toRead ?? 0) });
};
