// The button of the sleep timer: it says what is left, and opens the menu that sets and ends it.

import { showMenu } from "./menu.js";
import { filled, gettext, ngettext } from "./translation.js";
import { clockFromZero } from "./words.js";

const MINUTES = [15, 30, 45, 60];
const TRACKS = [2, 3, 4, 5, 10];
const MORE_MINUTES = 15;

export class SleepButton {
  // `bar`: the element of the player bar. `toasts`: the messages of the page.
  constructor(button, bar, timer, player, toasts) {
    Object.assign(this, { button, bar, timer, player });
    this.text = button.querySelector("span");
    button.addEventListener("click", () => this.openMenu());
    timer.addEventListener("change", () => this.show());
    timer.addEventListener("over", () => toasts.show(gettext("The sleep timer has paused the music."), "info", () => player.resume(), null, gettext("Play on")));
    timer.addEventListener("left", () => toasts.show(gettext("The sleep timer has ended: another device plays now."), "info"));
    this.show();
  }

  show() {
    const { timer } = this.timer;
    this.bar.classList.toggle("is-sleeping", timer !== null);
    this.button.setAttribute("aria-pressed", timer !== null);
    this.text.textContent = timer ? this.left() : "";
    const label = timer ? filled(gettext("Sleep timer: %(left)s"), { left: this.leftInWords() }) : gettext("Sleep timer");
    if (this.button.title === label) return;
    this.button.title = label;
    this.button.setAttribute("aria-label", label);
  }

  left() {
    const { timer, msLeft } = this.timer;
    if (msLeft !== null) return clockFromZero(Math.ceil(msLeft / 1000));
    return timer.kind === "album" ? gettext("album") : tracksLeft(timer.left);
  }

  // By minutes: a screen reader would read each second.
  leftInWords() {
    const { timer, msLeft } = this.timer;
    const minutes = Math.ceil(msLeft / 60_000);
    if (msLeft !== null) return filled(ngettext("%(minutes)s minute left", "%(minutes)s minutes left", minutes), { minutes });
    return timer.kind === "album" ? gettext("until the end of the album") : tracksLeft(timer.left);
  }

  openMenu() {
    const { timer, player } = this;
    const isTime = timer.msLeft !== null;
    const ends = [
      { label: gettext("At the end of the track"), run: () => timer.set({ kind: "tracks", left: 1 }) },
      { label: gettext("At the end of the album"), run: () => timer.set({ kind: "album" }) },
      { label: gettext("After several tracks…"), run: () => this.openTracks() },
    ];
    showMenu(
      gettext("Sleep timer"),
      [
        timer.timer && { label: gettext("End the sleep timer"), run: () => timer.set(null) },
        isTime && { label: filled(gettext("%(minutes)s minutes more"), { minutes: MORE_MINUTES }), run: () => timer.addMinutes(MORE_MINUTES) },
        ...MINUTES.map((minutes) => ({ label: filled(gettext("In %(minutes)s minutes"), { minutes }), run: () => timer.setMinutes(minutes) })),
        ...(player.isRemote ? [] : ends), // only the device that plays knows when a track ends
      ],
      this.button,
    );
  }

  openTracks() {
    const items = TRACKS.map((left) => ({ label: filled(gettext("After %(count)s tracks"), { count: left }), run: () => this.timer.set({ kind: "tracks", left }) }));
    showMenu(gettext("Sleep timer"), items, this.button);
  }
}

const tracksLeft = (count) => filled(ngettext("%(count)s track", "%(count)s tracks", count), { count });
