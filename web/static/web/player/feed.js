// The event stream. After a failure it reconnects with growing pauses and requests the events that
// it missed. It runs in the shared worker, or in the page if the browser has no shared workers.

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

export class Feed {
  // `tell({ type, ... })` is called with the types "event" and "changed" (with their `data`), "open"
  // and "closed", and with "missed" after a reconnection that cannot request missed events, as it
  // knows no event id. Marks ("changed") cannot be requested; "open" says with `wasAway` whether some
  // may have been missed.
  constructor(url, tell) {
    Object.assign(this, { url, tell, lastId: null, pause: FIRST_PAUSE_MS });
    this.open();
  }

  open() {
    const query = this.lastId === null ? "" : `?last_event_id=${this.lastId}`;
    this.stream = new EventSource(this.url + query);
    this.stream.onopen = () => {
      this.pause = FIRST_PAUSE_MS;
      this.tell({ type: "open", wasAway: this.wasAway === true });
      if (this.wasAway && this.lastId === null) this.tell({ type: "missed" });
      this.wasAway = false;
    };
    this.stream.onmessage = (event) => {
      this.lastId = event.lastEventId || this.lastId;
      this.tell({ type: "event", data: JSON.parse(event.data) });
    };
    this.stream.addEventListener("changed", ({ data }) => this.tell({ type: "changed", data: JSON.parse(data) }));
    this.stream.onerror = () => this.retry();
  }

  get isOpen() {
    return this.stream.readyState === EventSource.OPEN;
  }

  // An EventSource itself would give up for good when a proxy answers with an error. The random
  // pause keeps browsers from reconnecting all at the same moment.
  retry() {
    this.stream.close();
    this.wasAway = true;
    this.tell({ type: "closed" });
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.open(), this.pause * (0.5 + Math.random()));
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }

  // Reconnect without the pause: another request has reached the server.
  reconnectNow() {
    if (this.stream.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.waiting);
    this.pause = FIRST_PAUSE_MS;
    this.open();
  }
}
