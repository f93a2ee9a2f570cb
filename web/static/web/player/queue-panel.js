// The queue in a panel at the right: what was played, what plays and what comes. Users jump in it and
// reorder it.

import { showEarlierQueues } from "./earlier-menu.js";
import { isCovering } from "./full-player.js";
import { layers } from "./layers.js";
import { QueueRows, QueueTrackRows } from "./queue-rows.js";
import { idsToCome, timeLeft } from "./queue-time.js";
import { gapOfKey, letRowsBeDragged, placeAfterMove, selectMoved } from "./row-moves.js";
import { filled, gettext } from "./translation.js";
import { counted, length as duration, number } from "./words.js";

export class QueuePanel {
  // `panel`: the element of the page. `openMenu(track, at, more)` opens the menu of a track,
  // `openMenuOfSeveral(count, ids, at, more)` that of several. `full`: the full player; on a
  // phone it may be open below or above the queue.
  // `saveMenu(at)` opens the menu that makes a playlist of the queue.
  // `openDevices(at)` opens the menu of the devices.
  constructor(panel, player, full, { openMenu, openMenuOfSeveral, saveMenu, openDevices }) {
    Object.assign(this, { panel, player, full, openMenu, openMenuOfSeveral });
    this.scroller = panel.querySelector("[data-scroller]");
    this.count = panel.querySelector("[data-count]");
    this.left = panel.querySelector("[data-left]");
    const button = (does, act) => {
      const found = panel.querySelector(`[data-does=${does}]`);
      found.addEventListener("click", () => act(found));
      return found;
    };
    this.clear = button("clear", () => player.clearQueue());
    this.save = button("save", saveMenu);
    button("devices", openDevices);
    this.earlier = button("earlier", (at) => showEarlierQueues(player, at));
    this.removePlayed = button("remove-played", () => this.forgetPlayed());
    this.current = button("current", () => this.showCurrent());
    button("close", () => this.toggle(false));
    panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault(); // it does not close the full player beside it, too
      this.toggle(false);
    });
    document.addEventListener("focusin", ({ target }) => this.focusMoved(target));
    player.queue.addEventListener("change", () => this.showCount());
    for (const type of ["time", "track"]) player.addEventListener(type, () => this.isOpen && this.showLeft());
    player.addEventListener("kept", () => this.showWhetherEarlier());
    this.showCount();
  }

  // Keys pressed outside of lists go to the list that had the focus last; this remembers which one.
  focusMoved(target) {
    if (target.closest("#queue, main")) this.hadFocus = this.panel.contains(target);
  }

  get hadFocusLast() {
    return this.isOpen && this.hadFocus;
  }

  takeKey(event) {
    return this.rows.selection.take(event);
  }

  get chosenTracks() {
    return this.rows.chosenTracks;
  }

  get isOpen() {
    return !this.panel.hidden;
  }

  toggle(isOpen = !this.isOpen) {
    if (isOpen === this.isOpen) return;
    this.panel.hidden = !isOpen;
    document.body.classList.toggle("has-queue", isOpen);
    for (const button of document.querySelectorAll("[data-does=queue]")) button.setAttribute("aria-expanded", isOpen);
    if (isOpen) this.begin();
    else this.end();
  }

  // A queue button was pressed. If the expanded bar covers the queue, return to the queue.
  toggleByButton() {
    if (this.isOpen && this.isInTheWay && this.full.isOpen) this.full.set(false);
    else this.toggle();
  }

  // On a phone the queue covers the page, so close it when the user goes to another view.
  closeIfInTheWay() {
    if (this.isOpen && this.isInTheWay) this.toggle(false);
  }

  get isInTheWay() {
    return isCovering(this.panel);
  }

  begin() {
    if (this.isInTheWay) this.layer = layers.add(() => this.toggle(false));
    this.opener = document.activeElement;
    if (this.isInTheWay) this.full.goBelow(() => this.toggle(false));
    this.showWhetherEarlier();
    this.askWhetherEarlier();
    const { player } = this;
    this.source = new QueueRows(player.queue, player.known);
    this.rows = new QueueTrackRows({
      scroller: this.scroller,
      source: this.source,
      label: gettext("Queue"),
      player,
      play: (index) => player.jump(index),
      playSeveral: (indexes) => player.jump(indexes[0]),
      menu: (track, at, index) => this.menu(track, at, index),
      menuOfSeveral: (indexes, at) => this.menuOfSeveral(indexes, at),
      keys: (event) => this.press(event),
      allIds: async () => player.queue.entries.map(({ id }) => id),
      start: () => Math.max(0, player.queue.position),
    });
    this.scroller.replaceChildren(this.rows.grid);
    letRowsBeDragged(this.rows, { move: (indexes, gap) => this.move(indexes, gap) });
    this.rows.list.update();
    this.revealCurrent();
    this.showCount();
    this.rows.grid.focus({ preventScroll: true });
  }

  end() {
    layers.remove(this.layer);
    this.rows.end();
    this.scroller.replaceChildren();
    this.full.returnToTop();
    this.opener?.focus();
  }

  showCount() {
    const { length, position } = this.player.queue;
    const left = length - position - 1;
    const hasMoved = position !== this.position && position > 0;
    const wasInSight = this.isOpen && this.isInSight(this.position);
    this.position = position;
    if (hasMoved && wasInSight && this.rows.selection.indexes.length < 2) this.rows.list.reveal(position);
    const text = left > 0 ? gettext("%(tracks)s, %(left)s to come") : gettext("%(tracks)s, the last one");
    this.count.textContent = length ? filled(text, { tracks: counted(length, "track"), left: number(left) }) : gettext("Nothing in it yet");
    this.panel.classList.toggle("is-empty", !length);
    this.save.disabled = !length;
    this.clear.disabled = length < 2; // the current track stays
    this.removePlayed.hidden = position < 1;
    this.current.disabled = !length;
    if (this.isOpen) this.showLeft();
  }

  // "48 min left": of the current track and all after it. The lengths of tracks that are not known yet
  // are asked for; then this is called again.
  showLeft() {
    const { player } = this;
    const { queue, known } = player;
    const currentLeft = queue.isOver || player.trackId === null ? 0 : Math.max(0, player.duration - player.position);
    const lengthOf = (id) => (known.get(id) === undefined ? undefined : (known.get(id)?.duration_s ?? 0));
    const left = timeLeft(queue, lengthOf, currentLeft);
    if (!left) known.want(idsToCome(queue));
    const text = left && left.seconds >= 1 ? filled(left.isAbout ? gettext("about %(time)s left") : gettext("%(time)s left"), { time: duration(left.seconds) }) : "";
    if (this.left.textContent !== text) this.left.textContent = text;
  }

  isInSight(index) {
    const { first, last } = this.rows.list.inSight();
    return index >= first && index <= last;
  }

  // The current track comes second in sight, so that the one before it and those to come are seen.
  revealCurrent() {
    const { list } = this.rows;
    const { position } = this.player.queue;
    list.reveal(0);
    if (position < 2) return;
    list.reveal(Math.min(this.player.queue.length, position - 1 + list.itemsOfPage()) - 1);
  }

  showCurrent() {
    this.revealCurrent();
    this.rows.selection.set(this.player.queue.position);
    this.rows.grid.focus({ preventScroll: true });
  }

  forgetPlayed() {
    this.player.removeAllFromQueue([...Array(this.player.queue.position).keys()]);
    this.rows.selection.set(-1);
  }

  showWhetherEarlier() {
    this.earlier.hidden = !this.hasEarlier && !this.player.kept.earlier.all.length;
  }

  // Other browsers may have kept some.
  async askWhetherEarlier() {
    this.hasEarlier = (await this.player.kept.earlier.list()).length > 0;
    this.showWhetherEarlier();
  }

  menu(track, at, index) {
    const { player } = this;
    const last = player.queue.length - 1;
    this.openMenu(track, at, [
      { label: gettext("Play"), run: () => player.jump(index) },
      index > 0 && { label: gettext("Move up"), run: () => this.move([index], index - 1) },
      index < last && { label: gettext("Move down"), run: () => this.move([index], index + 2) },
      { label: gettext("Remove from the queue"), run: () => this.remove([index]) },
    ]);
  }

  menuOfSeveral(indexes, at) {
    const ids = async () => this.rows.idsAt(indexes);
    const first = [{ label: gettext("Play"), run: () => this.player.jump(indexes[0]) }];
    const last = [{ label: gettext("Remove from the queue"), run: () => this.remove(indexes) }];
    this.openMenuOfSeveral(indexes.length, ids, at, { first, last });
  }

  // Move these rows before the one that is now number `gap`. They stay selected.
  move(indexes, gap) {
    const { player, rows } = this;
    const to = placeAfterMove(indexes, gap);
    if (indexes.length > 1) player.moveAllInQueue(indexes, gap);
    else player.moveInQueue(indexes[0], to);
    selectMoved(rows.selection, to, indexes.length);
  }

  remove(indexes) {
    const { player, rows } = this;
    if (indexes.length > 1) player.removeAllFromQueue(indexes);
    else player.removeFromQueue(indexes[0]);
    rows.selection.set(Math.min(indexes[0], player.queue.length - 1));
  }

  press(event) {
    const { indexes } = this.rows.selection;
    if (!indexes.length) return false;
    if (event.key === "Delete" || event.key === "Backspace") {
      this.remove(indexes);
      return true;
    }
    const gap = gapOfKey(event, indexes);
    if (gap === null) return false;
    if (gap >= 0 && gap <= this.player.queue.length) this.move(indexes, gap);
    return true;
  }
}
