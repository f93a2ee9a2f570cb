// Several tabs of one browser: one plays, the others show what it does and pass on what is wished.

const CHANNEL = "mus-player";
const SILENCE_MS = 6000;
const HANDOVER_MS = 400;
const ANSWER_MS = 2000;
const TELL_MS = 1000;

// "follow" is told when another tab plays, with its `state`; "free" when none does any more, with the
// `{ state, queue }` that the last one left, if it could.
export class Tabs extends EventTarget {
  // `state()` gives what the others show, `queue()` what they need to go on, `obey(name, args)` does
  // what they wish, `release()` stops playing and saves, since another tab goes on with it.
  constructor({ state, queue, obey, release }) {
    super();
    Object.assign(this, { state, queue, obey, release });
    this.isOurs = true; // until another tab is heard
    this.isPlayingElsewhere = false;
    this.channel = new BroadcastChannel(CHANNEL);
    this.channel.addEventListener("message", ({ data }) => this[`hear${data.type}`]?.(data));
    addEventListener("pagehide", () => this.leave());
    this.post("Hello");
  }

  post(type, content = {}) {
    this.channel.postMessage({ type, ...content });
  }

  // Tell the others how it stands here.
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

  // From now on it is this tab that plays; waits until the other one has let go.
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

  // Have the tab that plays do something. One that crashed does not answer.
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
    // Two tabs that played without having heard of each other: the one that speaks goes on.
    if (this.isOurs && this.hasPlayed) this.release();
    this.hasPlayed = false;
    this.isOurs = false;
    this.isPlayingElsewhere = true;
    this.stopWaiting();
    // A tab that crashed says nothing, one that is paused need not.
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
