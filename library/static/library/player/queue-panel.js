// What is played next, in a panel at the right: to look at, to jump in, to put in another order.

import { element } from "./element.js";
import { layers } from "./layers.js";
import { showMenu } from "./menu.js";
import { TrackRows } from "./track-rows.js";
import { counted, moment, number } from "./words.js";

const DRAG_EDGE_PX = 40;
const DRAG_SCROLL_PX = 12;

// The entries of the queue as rows; what is known of their tracks comes as it is wanted.
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
  // `panel`: the element of the page; `openMenu(track, at, more)` shows a track's menu.
  constructor(panel, player, openMenu) {
    Object.assign(this, { panel, player, openMenu });
    this.scroller = panel.querySelector("[data-scroller]");
    this.count = panel.querySelector("[data-count]");
    panel.querySelector("[data-does=clear]").addEventListener("click", () => player.clearQueue());
    this.earlier = panel.querySelector("[data-does=earlier]");
    this.earlier.addEventListener("click", () => this.chooseEarlier());
    panel.querySelector("[data-does=close]").addEventListener("click", () => this.toggle(false));
    panel.addEventListener("keydown", (event) => event.key === "Escape" && this.toggle(false));
    player.queue.addEventListener("change", () => this.showCount());
    player.addEventListener("kept", () => this.showWhetherEarlier());
    this.showCount();
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

  // On a phone it covers the page that somebody wants to go to.
  closeIfInTheWay() {
    if (this.isOpen && this.isInTheWay) this.toggle(false);
  }

  get isInTheWay() {
    return getComputedStyle(this.panel).position === "fixed";
  }

  begin() {
    if (this.isInTheWay) this.layer = layers.add(() => this.toggle(false));
    this.opener = document.activeElement;
    this.showWhetherEarlier();
    const { player } = this;
    this.source = new QueueRows(player.queue, player.known);
    this.rows = new TrackRows({
      scroller: this.scroller,
      source: this.source,
      label: "Queue",
      player,
      play: (index) => player.jump(index),
      menu: (track, at, index) => this.menu(track, at, index),
      keys: (event, index) => this.press(event, index),
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
    this.opener?.focus();
  }

  showCount() {
    const { length, position } = this.player.queue;
    const left = length - position - 1;
    const rest = left > 0 ? `${number(left)} to come` : "the last one";
    this.count.textContent = length ? `${counted(length, "track")}, ${rest}` : "Nothing in it yet";
    this.panel.classList.toggle("is-empty", !length);
  }

  showWhetherEarlier() {
    this.earlier.hidden = !this.player.kept.earlier.all.length;
  }

  // Queues that were replaced or cleared, to bring one of them back.
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
      index > 0 && { label: "Move up", run: () => this.move(index, index - 1) },
      index < last && { label: "Move down", run: () => this.move(index, index + 1) },
      { label: "Remove from the queue", run: () => player.removeFromQueue(index) },
    ]);
  }

  move(from, to) {
    this.player.moveInQueue(from, to);
    this.rows.selection.set(to, true);
  }

  press(event, index) {
    if (index < 0) return false;
    if (event.key === "Delete" || event.key === "Backspace") {
      this.player.removeFromQueue(index);
      this.rows.selection.set(Math.min(index, this.player.queue.length - 1));
      return true;
    }
    const to = { ArrowUp: index - 1, ArrowDown: index + 1 }[event.key];
    if (!event.altKey || to === undefined) return false;
    if (to >= 0 && to < this.player.queue.length) this.move(index, to);
    return true;
  }

  // By its handle, at the left of a row; a line shows where it would come to lie.
  drag(event) {
    const handle = event.target.closest(".start");
    const from = handle ? this.rows.selection.indexAt(event) : null;
    if (from === null || event.button !== 0 || event.target.closest("button")) return;
    event.preventDefault();
    const line = this.rows.list.body.appendChild(element("div", { class: "drop-line" }));
    let to = from;
    const follow = (moved) => {
      this.scrollAtEdge(moved.clientY);
      const { height, offset } = this.rows.list.measure();
      const y = moved.clientY - this.rows.list.body.getBoundingClientRect().top - offset;
      to = Math.max(0, Math.min(Math.round(y / height), this.player.queue.length));
      line.style.transform = `translateY(${to * height + offset}px)`;
    };
    const drop = (ended) => {
      for (const [type, listen] of Object.entries(listeners)) removeEventListener(type, listen);
      line.remove();
      const target = to > from ? to - 1 : to;
      if (ended.type === "pointerup" && target !== from) this.move(from, target);
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
