// The queue in a panel at the right: users see it, jump in it and reorder it.

import { layers } from "./layers.js";
import { showMenu } from "./menu.js";
import { gapOfKey, letRowsBeDragged, placeAfterMove, selectMoved } from "./row-moves.js";
import { TrackRows } from "./track-rows.js";
import { counted, moment, number } from "./words.js";

// The queue's entries as a source of rows. The tracks are loaded when their rows are in sight.
class QueueRows extends EventTarget {
  constructor(queue, known) {
    super();
    Object.assign(this, { queue, known });
    queue.addEventListener("change", () => this.dispatchEvent(new Event("change")));
    known.addEventListener("change", () => this.dispatchEvent(new Event("change")));
  }

  get count() {
    return this.queue.length;
  }

  row(index) {
    const entry = this.queue.entries[index];
    const track = entry && this.known.get(entry.id);
    return track === null ? { id: entry.id, title: "A track that is gone", artist: "", album: "", isGone: true } : track;
  }

  want(first, last) {
    this.known.want(this.queue.entries.slice(first, last + 1).map(({ id }) => id));
  }
}

export class QueuePanel {
  // `panel`: the element of the page. `openMenu(track, at, more)` opens the menu of a track,
  // `openMenuOfSeveral(count, ids, at, more)` that of several. `bar`: the player bar; on a phone it
  // may be expanded below or above the queue.
  // `saveMenu(at)` opens the menu that makes a playlist of the queue.
  // `openDevices(at)` opens the menu of the devices.
  constructor(panel, player, bar, { openMenu, openMenuOfSeveral, saveMenu, openDevices }) {
    Object.assign(this, { panel, player, bar, openMenu, openMenuOfSeveral });
    this.scroller = panel.querySelector("[data-scroller]");
    this.count = panel.querySelector("[data-count]");
    panel.querySelector("[data-does=clear]").addEventListener("click", () => player.clearQueue());
    this.save = panel.querySelector("[data-does=save]");
    this.save.addEventListener("click", () => saveMenu(this.save));
    const devices = panel.querySelector("[data-does=devices]");
    devices.addEventListener("click", () => openDevices(devices));
    this.earlier = panel.querySelector("[data-does=earlier]");
    this.earlier.addEventListener("click", () => this.chooseEarlier());
    panel.querySelector("[data-does=close]").addEventListener("click", () => this.toggle(false));
    panel.addEventListener("keydown", (event) => event.key === "Escape" && this.toggle(false));
    document.addEventListener("focusin", ({ target }) => this.focusMoved(target));
    player.queue.addEventListener("change", () => this.showCount());
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
    if (this.isOpen && this.bar.isExpanded) this.bar.setExpanded(false);
    else this.toggle();
  }

  // On a phone the queue covers the page, so close it when the user goes to another view.
  closeIfInTheWay() {
    if (this.isOpen && this.isInTheWay) this.toggle(false);
  }

  get isInTheWay() {
    return getComputedStyle(this.panel).position === "fixed";
  }

  begin() {
    if (this.isInTheWay) this.layer = layers.add(() => this.toggle(false));
    this.opener = document.activeElement;
    this.bar.goBelow(() => this.toggle(false));
    this.showWhetherEarlier();
    this.askWhetherEarlier();
    const { player } = this;
    this.source = new QueueRows(player.queue, player.known);
    this.rows = new TrackRows({
      scroller: this.scroller,
      source: this.source,
      label: "Queue",
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
    if (player.queue.position > 0) this.rows.list.reveal(player.queue.position);
    this.rows.grid.focus({ preventScroll: true });
  }

  end() {
    layers.remove(this.layer);
    this.rows.end();
    this.scroller.replaceChildren();
    this.bar.returnToTop();
    this.opener?.focus();
  }

  showCount() {
    const { length, position } = this.player.queue;
    const left = length - position - 1;
    const rest = left > 0 ? `${number(left)} to come` : "the last one";
    this.count.textContent = length ? `${counted(length, "track")}, ${rest}` : "Nothing in it yet";
    this.panel.classList.toggle("is-empty", !length);
    this.save.disabled = !length;
    this.panel.querySelector("[data-does=clear]").disabled = length < 2; // the current track stays
  }

  showWhetherEarlier() {
    this.earlier.hidden = !this.hasEarlier && !this.player.kept.earlier.all.length;
  }

  // Other browsers may have kept some.
  async askWhetherEarlier() {
    this.hasEarlier = (await this.player.kept.earlier.list()).length > 0;
    this.showWhetherEarlier();
  }

  // Open a menu of earlier queues, from which the user can restore one.
  async chooseEarlier() {
    const { kept, sync } = this.player;
    await sync.push(); // the queue that was replaced a moment ago is among them then
    const found = await kept.earlier.list();
    const items = found.map((each) => ({ label: nameOf(each), run: () => kept.bringBack(each) }));
    if (!items.length) items.push({ label: "None is kept any more" });
    showMenu("Earlier queues", items, this.earlier);
  }

  menu(track, at, index) {
    const { player } = this;
    const last = player.queue.length - 1;
    this.openMenu(track, at, [
      { label: "Play", run: () => player.jump(index) },
      index > 0 && { label: "Move up", run: () => this.move([index], index - 1) },
      index < last && { label: "Move down", run: () => this.move([index], index + 2) },
      { label: "Remove from the queue", run: () => this.remove([index]) },
    ]);
  }

  menuOfSeveral(indexes, at) {
    const ids = async () => this.rows.idsAt(indexes);
    const first = [{ label: "Play", run: () => this.player.jump(indexes[0]) }];
    const last = [{ label: "Remove from the queue", run: () => this.remove(indexes) }];
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

// "So What and 11 more, 5 May 2026, 14:05"
const nameOf = ({ queue, title, at, count = queue.ids.length }) => {
  const others = count - 1;
  const what = title ? [title, others && `${number(others)} more`].filter(Boolean).join(" and ") : counted(count, "track");
  return `${what}, ${moment(at)}`;
};
