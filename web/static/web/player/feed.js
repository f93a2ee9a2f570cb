// The stream of events, as long as anybody wants it: it comes back by itself after growing pauses,
// and asks for what it missed meanwhile. Runs in a shared worker, or in the page where there is none.

const FIRST_PAUSE_MS = 1000;
const LONGEST_PAUSE_MS = 60_000;

export class Feed {
  // `tell({ type, ... })` hears "event" with its `data`, "open", "closed", and "missed" where it came
  // back and cannot know what it missed, since it had heard no event before.
  constructor(url, tell) {
    Object.assign(this, { url, tell, lastId: null, pause: FIRST_PAUSE_MS });
    this.open();
  }

  open() {
    const query = this.lastId === null ? "" : `?last_event_id=${this.lastId}`;
    this.stream = new EventSource(this.url + query);
    this.stream.onopen = () => {
      this.pause = FIRST_PAUSE_MS;
      this.tell({ type: "open" });
      if (this.wasAway && this.lastId === null) this.tell({ type: "missed" });
      this.wasAway = false;
    };
    this.stream.onmessage = (event) => {
      this.lastId = event.lastEventId || this.lastId;
      this.tell({ type: "event", data: JSON.parse(event.data) });
    };
    this.stream.onerror = () => this.retry();
  }

  // By hand: left to itself a browser gives up where something else answers for the server. Not all
  // browsers come back at the same moment.
  retry() {
    this.stream.close();
    this.wasAway = true;
    this.tell({ type: "closed" });
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.open(), this.pause * (0.5 + Math.random()));
    this.pause = Math.min(this.pause * 2, LONGEST_PAUSE_MS);
  }

  // Somebody knows that the server is there again.
  hurry() {
    if (this.stream.readyState !== EventSource.CLOSED) return;
    clearTimeout(this.waiting);
    this.pause = FIRST_PAUSE_MS;
    this.open();
  }
}
