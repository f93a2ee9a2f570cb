// The queue in a panel at the right: users see it, jump in it and reorder it.

import { element } from "./element.js";
import { layers } from "./layers.js";
import { showMenu } from "./menu.js";
import { TrackRows } from "./track-rows.js";
import { counted, moment, number } from "./words.js";

const DRAG_EDGE_PX = 40;
const DRAG_SCROLL_PX = 12;

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
  constructor(panel, player, bar, openMenu, openMenuOfSeveral) {
    Object.assign(this, { panel, player, bar, openMenu, openMenuOfSeveral });
    this.scroller = panel.querySelector("[data-scroller]");
    this.count = panel.querySelector("[data-count]");
    panel.querySelector("[data-does=clear]").addEventListener("click", () => player.clearQueue());
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
    this.rows.grid.addEventListener("pointerdown", (event) => this.drag(event));
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
    this.panel.querySelector("[data-does=clear]").disabled = length < 2; // the current track stays
  }

  showWhetherEarlier() {
    this.earlier.hidden = !this.player.kept.earlier.all.length;
  }

  // Open a menu of earlier queues, from which the user can restore one.
  chooseEarlier() {
    const { kept } = this.player;
    const items = kept.earlier.all.map((each) => ({ label: nameOf(each), run: () => kept.bringBack(each) }));
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
    const to = gap - indexes.filter((index) => index < gap).length;
    if (indexes.length > 1) player.moveAllInQueue(indexes, gap);
    else player.moveInQueue(indexes[0], to);
    rows.selection.set(to, true);
    if (indexes.length > 1) rows.selection.extendTo(to + indexes.length - 1);
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
    const gap = { ArrowUp: indexes[0] - 1, ArrowDown: indexes.at(-1) + 2 }[event.key];
    if (!event.altKey || gap === undefined) return false;
    if (gap >= 0 && gap <= this.player.queue.length) this.move(indexes, gap);
    return true;
  }

  // Drag by the cover at the left of a row: all selected rows if the row is one of them, else only
  // this row. A line shows where they would be dropped.
  drag(event) {
    const handle = event.target.closest(".start");
    const from = handle ? this.rows.selection.indexAt(event) : null;
    if (from === null || event.button !== 0 || event.target.closest("button")) return;
    event.preventDefault();
    const { selection } = this.rows;
    const dragged = selection.chosen.has(from) ? selection.indexes : [from];
    const line = this.rows.list.body.appendChild(element("div", { class: "drop-line" }));
    let to = from;
    let hasMoved = false;
    const follow = (moved) => {
      hasMoved = true;
      this.scrollAtEdge(moved.clientY);
      const { height, offset } = this.rows.list.measure();
      const y = moved.clientY - this.rows.list.body.getBoundingClientRect().top - offset;
      to = Math.max(0, Math.min(Math.round(y / height), this.player.queue.length));
      line.style.transform = `translateY(${to * height + offset}px)`;
    };
    const drop = (ended) => {
      for (const [type, listen] of Object.entries(listeners)) removeEventListener(type, listen);
      line.remove();
      const isWithin = to >= dragged[0] && to <= dragged.at(-1) + 1 && dragged.at(-1) - dragged[0] < dragged.length;
      if (ended.type === "pointerup" && hasMoved && !isWithin) this.move(dragged, to);
    };
    const listeners = { pointermove: follow, pointerup: drop, pointercancel: drop };
    for (const [type, listen] of Object.entries(listeners)) addEventListener(type, listen);
  }

  scrollAtEdge(y) {
    const box = this.scroller.getBoundingClientRect();
    if (y < box.top + DRAG_EDGE_PX) this.scroller.scrollTop -= DRAG_SCROLL_PX;
    if (y > box.bottom - DRAG_EDGE_PX) this.scroller.scrollTop += DRAG_SCROLL_PX;
  }
}

// "So What and 11 more, 5 May 2026, 14:05"
const nameOf = ({ queue, title, at }) => {
  const others = queue.ids.length - 1;
  const what = title ? [title, others && `${number(others)} more`].filter(Boolean).join(" and ") : counted(queue.ids.length, "track");
  return `${what}, ${moment(at)}`;
};
