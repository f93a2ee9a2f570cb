// The bar with the current track and the controls. It expands to the full player.

import { orAway } from "./api.js";
import { makeCover, showCover } from "./cover.js";
import { setIcon } from "./element.js";
import { FullPlayer } from "./full-player.js";
import { mark, opinionsOf, unmark } from "./opinion-controls.js";
import { addressOf } from "./router.js";
import { TrackFacts } from "./track-facts.js";
import { filled, gettext } from "./translation.js";
import { clock, clockFromZero } from "./words.js";

const COVER_PX = 56;
const LARGE_COVER_PX = 640;
const REPEAT_LABELS = { none: gettext("Repeat: off"), all: gettext("Repeat: all"), one: gettext("Repeat: this track") };

export class PlayerBar {
  // `bar`: the element of the page; `openMenu(track, at)` opens the menu of a track, `openDevices(at)`
  // that of the devices.
  constructor(bar, player, openMenu, openDevices) {
    Object.assign(this, { bar, player, openMenu, openDevices });
    this.parts = Object.fromEntries([...bar.querySelectorAll("[data-part]")].map((part) => [part.dataset.part, part]));
    this.cover = makeCover(COVER_PX);
    this.large = makeCover(LARGE_COVER_PX);
    this.parts.cover.append(this.cover);
    this.parts.large.append(this.large);
    this.opinions = opinionsOf("tracks");
    this.parts.opinions.append(this.opinions);
    this.full = new FullPlayer(bar, this.parts, player);
    this.full.addEventListener("change", () => this.full.isOpen && this.showLarge());
    this.facts = new TrackFacts(this.parts, player, this.full, () => this.makeLyrics());
    this.listen();
    for (const type of ["track", "playing", "time", "modes"]) player.addEventListener(type, () => this.show(type));
    for (const type of ["track", "playing", "time", "modes"]) this.show(type);
    player.queue.addEventListener("change", () => this.showWhatCanBeDone());
  }

  async makeLyrics() {
    const { LyricsPane } = await orAway(import("./lyrics-pane.js"));
    return new LyricsPane(this.parts.lyrics, this.parts.words, this.bar, this.player);
  }

  listen() {
    const { parts, player } = this;
    const onClick = (part, act) => parts[part].addEventListener("click", act);
    onClick("toggle", () => player.toggle());
    onClick("next", () => player.next());
    onClick("previous", () => player.previous());
    onClick("shuffle", () => player.toggleShuffle());
    onClick("repeat", () => player.cycleRepeat());
    onClick("mute", () => player.toggleMute());
    onClick("here", () => player.playHere());
    onClick("devices", () => this.openDevices(parts.devices));
    player.addEventListener("devices", () => this.showPlaying());
    onClick("menu", () => player.track && this.openMenu(player.track, parts.menu));
    parts.volume.addEventListener("input", () => player.setVolume(Number(parts.volume.value) / 100));
    this.listenToSeek(parts.seek);
  }

  // Dragging only shows the new position; the sound jumps when the slider is released.
  listenToSeek(seek) {
    seek.addEventListener("input", () => {
      this.isSeeking = true;
      this.showPosition(Number(seek.value));
    });
    seek.addEventListener("change", () => {
      this.isSeeking = false;
      this.player.seek(Number(seek.value));
    });
    seek.addEventListener("pointermove", (event) => this.hint(event));
    seek.addEventListener("pointerleave", () => (this.parts.hint.hidden = true));
  }

  show(what) {
    if (what === "track") this.showTrack();
    if (what === "modes") this.showModes();
    if (what === "time") this.showTime();
    if (what === "playing" || what === "track") this.showPlaying();
  }

  showTrack() {
    const { parts, player } = this;
    const { track, trackId } = player;
    this.bar.classList.toggle("is-empty", trackId === null);
    const isUnknown = trackId !== null && player.known.get(trackId) === null;
    parts.title.textContent = track?.title ?? (trackId === null ? gettext("Nothing plays") : isUnknown ? gettext("A track that is gone") : "…");
    parts.title.removeAttribute("href");
    if (track?.album_id) parts.title.href = addressOf("albums", track.album_id);
    if (track) mark(this.opinions, "tracks", trackId, track.title);
    else unmark(this.opinions);
    this.parts.opinions.hidden = !track;
    showCover(this.cover, coverOf(track), COVER_PX);
    if (this.full.isOpen) this.showLarge();
    this.showWhatCanBeDone();
  }

  // Disable the buttons that would do nothing. "Next" stays enabled while another tab plays, since
  // only that tab knows what follows.
  showWhatCanBeDone() {
    const { parts, player } = this;
    const hasTrack = player.trackId !== null;
    const hasAny = hasTrack || player.queue.length > 0;
    const hasNext = player.isFollowing || player.queue.following(player.state.repeat !== "none") !== null;
    for (const part of ["previous", "seek", "menu", "open"]) parts[part].disabled = !hasTrack;
    for (const part of ["toggle", "shuffle", "repeat"]) parts[part].disabled = !hasAny;
    parts.next.disabled = !hasTrack || !hasNext;
  }

  showLarge() {
    showCover(this.large, coverOf(this.player.track), LARGE_COVER_PX);
  }

  showPlaying() {
    const { parts, player } = this;
    const label = player.isPlaying ? gettext("Pause") : gettext("Play");
    setIcon(parts.toggle.firstElementChild, player.isPlaying ? "pause" : "play");
    name(parts.toggle, label);
    parts.elsewhere.hidden = !player.isFollowing;
    parts.where.textContent = player.isRemote ? filled(gettext("Plays on %(name)s."), { name: player.devices.other.name }) : gettext("Plays in another tab.");
    parts.devices.hidden = !player.isRemote;
    this.bar.classList.toggle("is-playing", player.isPlaying);
    this.bar.classList.toggle("is-waiting", !player.isFollowing && player.own.playback.isWaiting);
  }

  showModes() {
    const { parts } = this;
    const { volume, isMuted, repeat, isShuffled } = this.player.state;
    const percent = Math.round(volume * 100);
    parts.volume.value = isMuted ? 0 : percent;
    parts.volume.style.setProperty("--part", isMuted ? 0 : volume);
    parts.volume.setAttribute("aria-valuetext", isMuted ? gettext("muted") : `${percent} %`);
    parts.percent.textContent = isMuted ? gettext("muted") : `${percent} %`;
    setIcon(parts.mute.firstElementChild, isMuted || !volume ? "muted" : "volume");
    parts.mute.setAttribute("aria-pressed", isMuted);
    setIcon(parts.repeat.firstElementChild, repeat === "one" ? "repeatOne" : "repeat");
    name(parts.repeat, REPEAT_LABELS[repeat]);
    parts.repeat.setAttribute("aria-pressed", repeat !== "none");
    parts.shuffle.setAttribute("aria-pressed", isShuffled);
    this.showWhatCanBeDone();
  }

  showTime() {
    const { parts, player } = this;
    const { duration } = player;
    parts.duration.textContent = clock(duration) || "-:--";
    parts.seek.max = Math.max(1, duration);
    if (!this.isSeeking) {
      parts.seek.value = player.position;
      this.showPosition(player.position);
    }
    this.showBuffered(duration);
  }

  showPosition(seconds) {
    const { parts, player } = this;
    const total = player.duration;
    parts.position.textContent = clockFromZero(seconds);
    parts.seek.setAttribute("aria-valuetext", filled(gettext("%(place)s of %(all)s"), { place: clockFromZero(seconds), all: clockFromZero(total) }));
    this.bar.style.setProperty("--progress", total ? Math.min(1, seconds / total) : 0);
  }

  showBuffered(duration) {
    const parts = this.player.isFollowing || !duration ? [] : this.player.own.playback.buffered;
    const shown = this.parts.buffered;
    while (shown.children.length > parts.length) shown.lastElementChild.remove();
    while (shown.children.length < parts.length) shown.append(document.createElement("span"));
    parts.forEach(([from, to], index) => {
      shown.children[index].style.left = `${(from / duration) * 100}%`;
      shown.children[index].style.width = `${((to - from) / duration) * 100}%`;
    });
  }

  // Show the time under the pointer. It stands beside the pointer, so that it covers no button and
  // the pointer does not cover it.
  hint(event) {
    const { hint, seek } = this.parts;
    const box = seek.getBoundingClientRect();
    const part = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    hint.hidden = this.player.trackId === null;
    hint.textContent = clockFromZero(part * this.player.duration);
    hint.style.left = `${part * 100}%`;
    hint.classList.toggle("is-left", part > 0.5);
  }
}

export const coverOf = (track) => ({ trackId: track?.id, coverId: track?.cover_id, name: track?.album || track?.title || "" });

const name = (button, label) => {
  button.setAttribute("aria-label", label);
  button.title = label;
};
