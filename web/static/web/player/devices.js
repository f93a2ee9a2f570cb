// The devices of the user, of which this browser is one: which of them plays, and what they ask each
// other to do.

import { storageName } from "./addresses.js";
import { contact, get, send } from "./api.js";
import { read, write } from "./storage.js";

const PATH = "player/devices";
const COMMANDS = "player/commands";
const HEARTBEAT_MS = 20_000;
const SOON_MS = 150;
const JUMP_SECONDS = 3;
const CONFIRM_MS = 2000;

// Events: "change": the list of devices, or what they play, has changed. "command": another device
// asks for something; `detail` is `{ name, arguments }`.
export class Devices extends EventTarget {
  list = [];
  plays = null; // the key of the device that plays
  asked = 0; // how often the list was asked for
  answered = 0; // the number of the request whose answer is shown

  // `state()`: what this browser plays, `{ trackId, position, duration, volume, isMuted, isPlaying }`.
  // `speaks()`: whether this tab speaks for the browser.
  constructor({ user, state, speaks }) {
    super();
    Object.assign(this, { state, speaks });
    this.commandKey = storageName(`mus-command-${user}`);
    this.key = ownKey(storageName(`mus-device-${user}`));
  }

  // The other device that plays; null if none does.
  get other() {
    return this.plays === this.key ? null : this.find(this.plays);
  }

  get own() {
    return this.find(this.key);
  }

  find(key) {
    return this.list.find((each) => each.key === key) ?? null;
  }

  async begin() {
    if (this.hasBegun) return;
    this.hasBegun = true;
    this.lead();
    await this.skipCommands();
    await this.report(true);
    await this.ask();
    setInterval(() => this.beat(), HEARTBEAT_MS);
    contact.addEventListener("back", () => this.catchUp());
    contact.addEventListener("loggedin", () => this.catchUp());
  }

  // Of several silent tabs of a browser one speaks for it: the one that holds this lock. Pages that
  // were loaded over plain http have no locks; then each tab speaks.
  lead() {
    this.isLeader = !navigator.locks;
    navigator.locks?.request(this.commandKey, () => {
      this.isLeader = true;
      this.reportSoon();
      return new Promise(() => null);
    });
  }

  beat() {
    if (this.speaks()) this.report(true).catch(() => null);
  }

  catchUp() {
    this.report(true)
      .then(() => this.ask())
      .catch(() => null); // away again
  }

  // What this browser plays has changed, perhaps.
  reportSoon() {
    const { isPlaying } = this.state();
    // Until the server knows that this browser plays, its list names the device that played before.
    if (isPlaying && !this.hasSaidPlaying) this.isUnsaid = true;
    this.reporting ??= setTimeout(() => this.report().catch(() => null), SOON_MS);
  }

  // Whether it plays is said only where that has changed: a browser that was without contact while
  // another device began to play must not take that away from it.
  async report(isDue = false) {
    clearTimeout(this.reporting);
    this.reporting = null;
    if (!this.speaks()) {
      this.isUnsaid = false;
      return;
    }
    const { trackId, position, duration, volume, isMuted, isPlaying } = this.state();
    const state = { trackId, position, duration, volume, isMuted };
    const isOther = isPlaying !== this.hasSaidPlaying;
    if (!isDue && !isOther && !this.isNews(state)) return;
    this.said = { ...state, at: performance.now(), isPlaying };
    this.hasSaidPlaying = isPlaying;
    try {
      await send("PUT", `${PATH}/${this.key}`, { ...(isOther && { is_playing: isPlaying }), state: toServer(state) });
    } catch (error) {
      if (isOther) this.hasSaidPlaying = !isPlaying;
      throw error;
    } finally {
      this.isUnsaid = false;
    }
    if (isOther && isPlaying) await this.ask();
  }

  isNews(state) {
    const { said } = this;
    if (!said) return true;
    if (["trackId", "volume", "isMuted"].some((name) => said[name] !== state[name])) return true;
    const passed = said.isPlaying ? (performance.now() - said.at) / 1000 : 0;
    return Math.abs(said.position + passed - state.position) > JUMP_SECONDS;
  }

  // Get the list of devices.
  async ask() {
    this.asked += 1;
    const number = this.asked;
    const { body } = await get(PATH);
    if (number < this.answered) return; // a later request was answered first
    this.answered = number;
    this.list = body.devices.map((row) => ({ ...row, heardAt: performance.now() }));
    this.plays = body.plays;
    this.dispatchEvent(new Event("change"));
  }

  // Another device plays now: this one does not any more.
  fallSilent() {
    this.hasSaidPlaying = false;
  }

  // Ask the device that plays, or the one with the key `to`.
  command(name, fields = {}, to = null) {
    return send("POST", COMMANDS, { name, ...fields, to, device: this.key });
  }

  // Have the other device pause. Resolves as soon as it says that it did; it may be away, so no later
  // than after two seconds. Resolves to what it plays.
  async pauseOther() {
    const { other } = this;
    if (!other) return null;
    const isSilent = new Promise((resolve) => {
      const listen = () => {
        if (this.plays === other.key) return;
        this.removeEventListener("change", listen);
        resolve();
      };
      this.addEventListener("change", listen);
      setTimeout(resolve, CONFIRM_MS);
    });
    try {
      await this.command("pause", {}, other.key);
      await isSilent;
    } catch {
      // It was forgotten, or the server is away.
    }
    return this.find(other.key) ?? other;
  }

  async hearCommands() {
    if (!this.speaks()) return;
    for (const command of await this.newCommands()) this.dispatchEvent(new CustomEvent("command", { detail: command }));
  }

  async newCommands() {
    const { body } = await get(`${COMMANDS}?device=${this.key}&after=${read(this.commandKey) ?? 0}`);
    const last = read(this.commandKey) ?? 0;
    const commands = body.commands.filter(({ id }) => id > last); // another tab may have taken some
    if (commands.length) write(this.commandKey, commands.at(-1).id);
    return commands;
  }

  // What was asked of the page before this one was meant for that page.
  async skipCommands() {
    if (this.speaks()) await this.newCommands();
  }

  async rename(name, key = this.key) {
    await send("PATCH", `${PATH}/${key}`, { name });
    await this.ask();
  }

  async forget(key) {
    await send("DELETE", `${PATH}/${key}`);
    await this.ask();
  }
}

const toServer = ({ trackId, position, duration, volume, isMuted }) => ({
  track_id: trackId,
  position_s: Math.round(position * 10) / 10,
  duration_s: Math.round(duration * 10) / 10,
  volume_level: volume,
  is_muted: isMuted,
});

// A random key, which this browser keeps for the user.
const ownKey = (name) => {
  const kept = read(name);
  if (typeof kept === "string" && /^[\w-]{8,64}$/.test(kept)) return kept;
  const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  write(name, key);
  return key;
};
