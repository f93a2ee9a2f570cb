// Keyboard shortcuts, active wherever the focus is except in text fields; `?` shows their list.

import { keyOf } from "./key-of.js";
import { closeMenu } from "./menu.js";
import { isFocusOfPointer } from "./pointer-focus.js";

const FIELDS = "input:not([type=range]), textarea, select, [contenteditable]";
const LIST_KEYS = ["ArrowDown", "ArrowUp", "ArrowLeft", "ArrowRight", "PageDown", "PageUp", "Home", "End"];
const REPEATED = new Set([...LIST_KEYS, "+", "=", "-", "j", "l"]);

const isField = (target) => target.matches?.(FIELDS);
const isRange = (target) => target.matches?.("[type=range]");
const isPressedBySpace = (target) => target.matches?.("button, summary") && !isFocusOfPointer();

// AltGr writes characters, so it is no shortcut. Some systems report AltGr as Ctrl and Alt
// together.
const modifiersOf = (event) => {
  const writes = event.getModifierState?.("AltGraph");
  return { isCommand: !writes && (event.ctrlKey || event.metaKey), isAlt: !writes && event.altKey };
};

// `toggle()` plays or pauses what is heard. `search()` focuses the search field, `help()` shows the list of keys, `takeKey(event)` passes a
// key to the visible list and returns whether the list handled it. `nowPlaying()` opens or closes the
// full player. `addToPlaylist()` adds what is
// selected there, else what plays; `favourite()` and `rate(stars)` act on the same.
export const listenToKeys = (player, { toggle, search, help, nowPlaying, takeKey, addToPlaylist, favourite, rate }) => {
  const keys = {
    " ": toggle,
    "/": search,
    "?": help,
    a: addToPlaylist,
    f: favourite,
    ...Object.fromEntries([1, 2, 3, 4, 5].map((stars) => [stars, () => rate(stars)])),
    j: () => player.seekBy(-1),
    l: () => player.seekBy(1),
    m: () => player.toggleMute(),
    s: () => player.toggleShuffle(),
    r: () => player.cycleRepeat(),
    n: () => player.next(),
    p: () => player.previous(),
    v: nowPlaying,
    "+": () => player.stepVolume(1),
    "=": () => player.stepVolume(1),
    "-": () => player.stepVolume(-1),
  };
  const withShift = { ArrowLeft: keys.j, ArrowRight: keys.l };
  const withCommand = { k: search, a: takeKey, z: takeKey };

  const actOf = (event, key) => {
    const { isCommand, isAlt } = modifiersOf(event);
    if (isAlt) return null; // Alt with arrows belongs to the browser: back and forward
    if (isCommand) return withCommand[key];
    if (key === " " && isPressedBySpace(event.target)) return null;
    if (isRange(event.target) && LIST_KEYS.includes(key)) return null;
    if (event.shiftKey && key in withShift) return withShift[key];
    return LIST_KEYS.includes(key) ? takeKey : keys[key];
  };

  let handled = null;
  document.addEventListener("keydown", (event) => {
    handled = null;
    const key = keyOf(event);
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const act = actOf(event, key);
    const isWritten = isField(event.target) && !(act === search && key !== "/");
    if (!act || isWritten) return;
    closeMenu();
    const isActing = !event.repeat || REPEATED.has(key);
    if (isActing && act(event) === false) return;
    event.preventDefault();
    handled = event.code;
  });
  // Firefox presses a button when Space is released.
  document.addEventListener("keyup", (event) => event.code === "Space" && handled === "Space" && event.preventDefault());
};
