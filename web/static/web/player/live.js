// What the server says while the page is open: a summary for each scan that is over.

import { contact, ROOT } from "./api.js";
import { Feed } from "./feed.js";

const URL_OF_EVENTS = `${ROOT}events/track-updates`;
const SPREAD_MS = 400;
const REUNION_MS = 600;

// "summary" is told for each, with the summary in `detail`; "reload" once for those that change the
// library and for a time without contact, a moment later, so that not all browsers ask at the same
// millisecond; and only while the page can be seen.
export class Live extends EventTarget {
  // `workerUrl`: the script of the shared worker.
  constructor(workerUrl) {
    super();
    if ("SharedWorker" in globalThis) this.share(workerUrl);
    else this.keep();
    contact.addEventListener("back", () => {
      this.hurry();
      this.reloadSoon(REUNION_MS); // what was missed is told first
    });
    contact.addEventListener("loggedin", () => this.hurry());
    document.addEventListener("visibilitychange", () => this.isReloadDue && this.reload());
  }

  share(workerUrl) {
    const { port } = new SharedWorker(workerUrl, { type: "module", name: "mus-events" });
    port.onmessage = ({ data }) => this.hear(data);
    port.postMessage({ type: "listen", url: URL_OF_EVENTS });
    addEventListener("pagehide", () => port.postMessage({ type: "leave" }));
    this.hurry = () => port.postMessage({ type: "hurry" });
  }

  keep() {
    const feed = new Feed(URL_OF_EVENTS, (message) => this.hear(message));
    this.hurry = () => feed.hurry();
  }

  hear({ type, data }) {
    if (type === "closed") this.dispatchEvent(new Event("closed"));
    if (type === "open") {
      this.dispatchEvent(new Event("open"));
      contact.made();
    }
    if (type === "missed") this.reloadSoon();
    if (type !== "event") return;
    this.dispatchEvent(new CustomEvent("summary", { detail: data }));
    if (data.action_key === "reload_tracks") this.reloadSoon();
  }

  reloadSoon(leastMs = 0) {
    this.isReloadDue = true;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.reload(), leastMs + Math.random() * SPREAD_MS);
  }

  reload() {
    if (document.hidden || !this.isReloadDue) return;
    this.isReloadDue = false;
    this.dispatchEvent(new Event("reload"));
  }
}
