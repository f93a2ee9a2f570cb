// Receives the server's events while the page is open: a summary of each finished scan, and marks of
// what has changed of the user's own things, here or in another browser.

import { API } from "./addresses.js";
import { contact } from "./api.js";
import { Feed } from "./feed.js";

const URL_OF_EVENTS = `${API}events/track-updates`;
const SPREAD_MS = 400;
const REUNION_MS = 600;
const NAMES = [
  ...["favourites", "ratings", "plays", "bookmarks", "playlists"],
  ...["player", "queue", "devices", "commands", "scrobbling", "radio", "shares"],
];

// Events: "summary" for each scan, with the summary in `detail`. "reload" after a scan that changed
// the library and after a time without contact. It comes a random moment later, so that not all
// browsers make requests in the same millisecond, and only while the page is visible. "changed" for
// what has changed of the user's own: `detail` is `{ name, number }`, such as "favourites" and 12. A
// page that has loaded that number, or a higher one, knows the change already. After a time without
// contact it comes for each name, with null as `number`, as nobody knows what was missed.
export class Live extends EventTarget {
  // `workerUrl`: the script of the shared worker.
  constructor(workerUrl) {
    super();
    this.workerUrl = workerUrl;
  }

  begin() {
    try {
      this.share();
    } catch {
      this.keep(); // a browser may have no shared workers, or refuse them to this page
    }
    contact.addEventListener("back", () => {
      this.reconnectNow();
      this.reloadSoon(REUNION_MS); // later than the events that were missed
    });
    contact.addEventListener("loggedin", () => this.reconnectNow());
    document.addEventListener("visibilitychange", () => this.isReloadDue && this.reload());
  }

  share() {
    const { port } = new SharedWorker(this.workerUrl, { type: "module", name: "mus-events" });
    port.onmessage = ({ data }) => this.hear(data);
    port.postMessage({ type: "listen", url: URL_OF_EVENTS });
    addEventListener("pagehide", () => port.postMessage({ type: "leave" }));
    this.reconnectNow = () => port.postMessage({ type: "reconnect" });
  }

  keep() {
    const feed = new Feed(URL_OF_EVENTS, (message) => this.hear(message));
    this.reconnectNow = () => feed.reconnectNow();
  }

  hear({ type, data, wasAway }) {
    if (type === "closed") this.dispatchEvent(new Event("closed"));
    if (type === "open") {
      this.dispatchEvent(new Event("open"));
      contact.made();
      if (wasAway) for (const name of NAMES) this.tellChange({ name, number: null });
    }
    if (type === "changed") this.tellChange(data);
    if (type === "missed") this.reloadSoon();
    if (type !== "event") return;
    this.dispatchEvent(new CustomEvent("summary", { detail: data }));
    if (data.action_key === "reload_tracks") this.reloadSoon();
  }

  tellChange(detail) {
    this.dispatchEvent(new CustomEvent("changed", { detail }));
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
