// Keys for everything, wherever the focus is but in a field; `?` shows them all.

import { closeMenu } from "./menu.js";

const isField = (target) => target.matches?.("input:not([type=range]), textarea, select, [contenteditable]");
const pressesByItself = (target) => target.matches?.("button, a, summary, [role=menuitem]");

// `acts`: `search()`, `help()`, `move(key)`, which gives the selected list the focus, and the player.
export const listenToKeys = (player, { search, help, focusList }) => {
  const keys = {
    "/": search,
    "?": help,
    m: () => player.toggleMute(),
    s: () => player.toggleShuffle(),
    r: () => player.cycleRepeat(),
    n: () => player.next(),
    p: () => player.previous(),
    "+": () => player.stepVolume(1),
    "-": () => player.stepVolume(-1),
    ArrowDown: focusList,
    ArrowUp: focusList,
  };
  const withAlt = { ArrowRight: () => player.seekBy(1), ArrowLeft: () => player.seekBy(-1) };

  const actOf = (event) => {
    if (event.ctrlKey || event.metaKey) return event.key.toLowerCase() === "k" ? search : null;
    if (event.altKey) return withAlt[event.key];
    if (event.key === " ") return pressesByItself(event.target) ? null : () => player.toggle();
    if (event.key.startsWith("Arrow") && event.target.matches?.("[type=range]")) return null;
    return keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  };

  document.addEventListener("keydown", (event) => {
    const isSearch = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k";
    if (event.defaultPrevented || (isField(event.target) && !isSearch)) return;
    if (document.querySelector("dialog[open]")) return;
    const act = actOf(event);
    if (!act || (event.repeat && !["+", "-"].includes(event.key) && !event.altKey)) return;
    event.preventDefault();
    closeMenu();
    act(event);
  });
};
