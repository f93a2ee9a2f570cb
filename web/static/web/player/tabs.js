// Coordinates several tabs of one browser: one plays, the others show its state and send it
// commands.

import { storageName } from "./addresses.js";

const CHANNEL = storageName("mus-player");
const SILENCE_MS = 6000;
const HANDOVER_MS = 400;
const ANSWER_MS = 2000;
const TELL_MS = 1000;

// Events: "follow": another tab plays; `detail` is its state. "free": no tab plays any more;
// `detail` is the last `{ state, queue }` of the tab that played, or null.
export class Tabs extends EventTarget {
  // `state()` returns the state that other tabs show, `queue()` the queue they need to continue.
  // `obey(name, args)` executes their commands. `release()` pauses and saves, as another tab takes
  // over.
  constructor({ state, queue, obey, release }) {
    super();
    Object.assign(this, { state, queue, obey, release });
    this.isOurs = true; // until a message of another tab arrives
    this.isPlayingElsewhere = false;
    this.channel = new BroadcastChannel(CHANNEL);
    this.channel.addEventListener("message", ({ data }) => this[`hear${data.type}`]?.(data));
    addEventListener("pagehide", () => this.leave());
    this.post("Hello");
  }

  post(type, content = {}) {
    this.channel.postMessage({ type, ...content });
  }

  // Send the state of this tab to the others, if this is the tab that plays.
  tell() {
    if (!this.isOurs || !this.hasPlayed) return;
    this.toldAt = performance.now();
    this.post("State", { state: this.state() });
  }

  tellIfDue() {
    if (performance.now() - (this.toldAt ?? 0) >= TELL_MS) this.tell();
  }

  leave() {
    if (this.isOurs && this.hasPlayed) this.post("Left", { left: this.handover() });
  }

  handover() {
    return { state: this.state(), queue: this.queue() };
  }

  // Make this tab the one that plays. Resolves to the `{ state, queue }` of the tab that played
  // before, after it has paused; null if there was none or it does not answer.
  async claim() {
    this.hasPlayed = true;
    const wasOurs = this.isOurs;
    this.isOurs = true;
    this.stopWaiting();
    if (wasOurs && !this.isPlayingElsewhere) {
      this.post("Claim");
      return null;
    }
    this.isPlayingElsewhere = false;
    return new Promise((resolve) => {
      this.released = resolve;
      setTimeout(() => resolve(null), HANDOVER_MS);
      this.post("Claim");
    });
  }

  // Send a command to the tab that plays. If no answer comes, that tab has crashed.
  command(name, args) {
    this.post("Command", { name, args });
    this.waitFor(ANSWER_MS);
  }

  waitFor(delay) {
    this.stopWaiting();
    this.waiting = setTimeout(() => this.hearLeft({}), delay);
  }

  hearHello() {
    this.tell();
  }

  hearState({ state }) {
    // Two tabs played without knowing of each other: the sender of this message goes on.
    if (this.isOurs && this.hasPlayed) this.release();
    this.hasPlayed = false;
    this.isOurs = false;
    this.isPlayingElsewhere = true;
    this.stopWaiting();
    // A playing tab sends its state each second; if it stops doing so, it has crashed.
    if (state.isPlaying) this.waitFor(SILENCE_MS);
    this.dispatchEvent(new CustomEvent("follow", { detail: state }));
  }

  hearClaim() {
    if (this.isOurs && this.hasPlayed) {
      this.release();
      this.post("Released", { left: this.handover() });
    }
    this.hasPlayed = false;
    this.isOurs = false;
    this.isPlayingElsewhere = true;
  }

  hearReleased({ left }) {
    this.released?.(left);
    this.released = null;
  }

  hearCommand({ name, args }) {
    if (!this.isOurs || !this.hasPlayed) return;
    this.obey(name, args);
    this.tell();
  }

  hearLeft({ left }) {
    if (this.isOurs && !this.isPlayingElsewhere) return;
    this.stopWaiting();
    this.isPlayingElsewhere = false;
    this.isOurs = true;
    this.dispatchEvent(new CustomEvent("free", { detail: left ?? null }));
  }

  stopWaiting() {
    clearTimeout(this.waiting);
  }
}
