// Plays internet radio stations beside the queue: the player is paused meanwhile, and its queue stays
// as it is. A stream has no length, no place in it and no plays.

import { element, iconButton } from "./element.js";
import { filled, gettext } from "./translation.js";

// Why the page cannot play a station; empty if it can.
export const whyNot = ({ stream_url: url }) => {
  const { origin, protocol } = parsed(url);
  if (!origin) return gettext("Its address is none that a browser understands.");
  if (location.protocol === "https:" && protocol === "http:") return gettext("Cannot be played here: this page is loaded by https, and browsers refuse a stream by http.");
  const known = document.body.dataset.radioOrigins.split(" ");
  return known.includes(origin) || origin === location.origin ? "" : gettext("Load the page again to play this station: it was added since.");
};

// One address that a browser refuses must not hide the other stations.
const parsed = (url) => {
  try {
    return new URL(url);
  } catch {
    return {};
  }
};

// Events: "change": another station, or none, plays. "problem": `detail` says why a station does not.
export class Radio extends EventTarget {
  station = null;

  constructor(player, place) {
    super();
    this.player = player;
    this.audio = new Audio();
    this.audio.preload = "none";
    this.name = element("p", { dir: "auto", translate: "no" });
    this.bar = element("aside", { class: "radio-bar", "aria-label": gettext("Radio"), hidden: true }, this.name, iconButton("close", gettext("Stop the radio"), () => this.stop()));
    place.before(this.bar);
    this.audio.addEventListener("error", () => this.station && this.failed());
    this.audio.addEventListener("playing", () => this.show());
    player.addEventListener("playing", () => this.station && player.own.isPlaying && this.stop());
  }

  async play(station) {
    this.station = station;
    this.player.own.pause();
    this.audio.src = station.stream_url;
    this.audio.volume = Math.min(1, this.player.own.volume * this.player.own.gains.of(null)); // as music without ReplayGain
    this.show();
    try {
      await this.audio.play();
    } catch (error) {
      if (this.station === station && error.name !== "AbortError") this.failed();
    }
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
    this.name.textContent = this.station ? filled(this.audio.paused || this.audio.readyState < 3 ? gettext("Connecting to %(name)s") : gettext("Radio: %(name)s"), this.station) : "";
    this.dispatchEvent(new Event("change"));
  }
}
