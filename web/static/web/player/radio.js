// Plays internet radio stations beside the queue: the player is paused meanwhile, and its queue stays
// as it is. A stream has no length, no place in it and no plays. It can be paused, by a headset that is
// taken off too, and goes on with what is sent by then.

import { element, iconButton } from "./element.js";
import { filled, gettext } from "./translation.js";

// Events: "change": another station, or none, plays, or it was paused. "problem": `detail` says why a station does not.
export class Radio extends EventTarget {
  station = null;

  constructor(player, place) {
    super();
    this.player = player;
    this.audio = new Audio();
    this.audio.preload = "none";
    this.name = element("p", { dir: "auto", translate: "no" });
    this.again = iconButton("play", gettext("Play"), () => this.resume());
    this.bar = element("aside", { class: "radio-bar", "aria-label": gettext("Radio"), hidden: true }, this.name, this.again, iconButton("close", gettext("Stop the radio"), () => this.stop()));
    place.before(this.bar);
    this.audio.addEventListener("error", () => this.station && this.failed());
    for (const type of ["playing", "pause"]) this.audio.addEventListener(type, () => this.show());
    player.addEventListener("playing", () => this.playerTold());
    player.addEventListener("modes", () => this.setVolume());
  }

  get isPlaying() {
    return this.station !== null && !this.audio.paused;
  }

  // The queue begins to play, here or in another tab.
  playerTold() {
    const { own, mirror } = this.player;
    const isElsewhere = Boolean(mirror?.isPlaying);
    const begins = own.isPlaying || (isElsewhere && !this.wasElsewhere); // a tab repeats that it plays
    this.wasElsewhere = isElsewhere;
    if (this.station && begins) this.stop();
  }

  // As loud as music without ReplayGain.
  setVolume() {
    const { mirror, own } = this.player;
    const { volume, isMuted } = mirror ?? own;
    Object.assign(this.audio, { volume: Math.min(1, volume * own.gains.of(null)), muted: isMuted });
  }

  async play(station) {
    this.station = station;
    (this.player.mirror ? this.player : this.player.own).pause();
    this.audio.src = station.stream_url;
    this.setVolume();
    this.show();
    try {
      await this.audio.play();
    } catch (error) {
      if (this.station === station && error.name !== "AbortError") this.failed();
    }
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.resume();
  }

  pause() {
    this.audio.pause();
  }

  // What was loaded before the pause is of the past: the stream is loaded anew.
  resume() {
    this.play(this.station);
  }

  stop() {
    this.station = null;
    this.audio.removeAttribute("src");
    this.audio.load(); // ends the connection
    this.show();
  }

  failed() {
    const { name } = this.station;
    this.stop();
    this.dispatchEvent(new CustomEvent("problem", { detail: filled(gettext("%(name)s cannot be played: the station does not answer, or sends what the browser cannot play."), { name }) }));
  }

  show() {
    this.bar.hidden = !this.station;
    this.again.hidden = this.isPlaying;
    const isConnecting = this.isPlaying && this.audio.readyState < 3;
    this.name.textContent = this.station ? filled(isConnecting ? gettext("Connecting to %(name)s") : gettext("Radio: %(name)s"), this.station) : "";
    this.dispatchEvent(new Event("change"));
  }
}
