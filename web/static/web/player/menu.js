// A pop-up menu, for a track or the account. Arrow keys move through it, Esc closes it.

import { element } from "./element.js";
import { layers } from "./layers.js";

const EDGE_PX = 8;

let open = null;

// `items`: `{ label, run }` or `{ label, href }`, maybe with a `note` beneath; falsy ones are left out. In a choice of one of several
// all have `isChosen`. `at`: the element at
// which the menu opens, or a point `{ x, y }`. After closing, the focus returns to where it was, or goes to the
// place that a link leads to, so that Space does not open the menu again.
export const showMenu = (label, items, at) => {
  closeMenu();
  const back = document.activeElement;
  const menu = element("div", { class: "menu", role: "menu", "aria-label": label, popover: "manual" });
  menu.append(...items.filter(Boolean).map((item) => entry(item)));
  menu.addEventListener("keydown", walk);
  const unwatch = closeByPress(menu);
  const layer = layers.add(() => menu.hidePopover());
  menu.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    layers.remove(layer);
    unwatch();
    forget(menu, back);
  });
  // The page behind the full player takes no focus.
  (document.querySelector("#player.is-expanded") ?? document.querySelector("main")).append(menu);
  open = menu;
  menu.showPopover();
  place(menu, at);
  menu.firstElementChild.focus();
};

export const closeMenu = () => open?.hidePopover();

// A press elsewhere closes it. Browsers do that themselves for popovers of the kind "auto", but some of them also
// at the release of the very press that opened the menu: a right button (Firefox, not on Windows) or a long press.
const closeByPress = (menu) => {
  const watch = new AbortController();
  const listen = (target, type, react) => target.addEventListener(type, react, { capture: true, signal: watch.signal });
  let isPressed = false; // elsewhere, since it was opened
  listen(window, "pointerdown", ({ target }) => (isPressed = !menu.contains(target)));
  listen(window, "pointerup", ({ target }) => isPressed && !menu.contains(target) && menu.hidePopover());
  listen(document, "keydown", (event) => {
    if (event.key !== "Escape" || menu !== open) return;
    event.preventDefault();
    event.stopPropagation();
    menu.hidePopover();
  });
  return () => watch.abort();
};

const entry = ({ label, note, run, href, isChosen }) => {
  const listen = () => {
    closeMenu();
    run?.();
    if (href) document.querySelector("main").focus({ preventScroll: true }); // the place that was gone to
  };
  const isChoice = isChosen !== undefined;
  const attributes = {
    role: isChoice ? "menuitemradio" : "menuitem",
    "aria-checked": isChoice ? String(isChosen) : null,
    tabindex: "-1",
    on: { click: listen },
  };
  const text = note ? element("span", {}, label, element("span", { class: "note" }, note)) : label;
  return href ? element("a", { ...attributes, href }, text) : element("button", { ...attributes, type: "button" }, text);
};

const forget = (menu, back) => {
  if (open === menu) open = null;
  if (menu.contains(document.activeElement) || document.activeElement === document.body) back?.focus();
  menu.remove();
};

const place = (menu, at) => {
  const box = at.getBoundingClientRect?.() ?? { left: at.x, right: at.x, top: at.y, bottom: at.y };
  const { offsetWidth: width, offsetHeight: height } = menu;
  const left = Math.min(Math.max(EDGE_PX, box.right - width), innerWidth - width - EDGE_PX);
  const isBelow = box.bottom + height + EDGE_PX <= innerHeight;
  menu.style.left = `${at.x === undefined ? left : Math.min(at.x, innerWidth - width - EDGE_PX)}px`;
  menu.style.top = `${Math.max(EDGE_PX, isBelow ? box.bottom : box.top - height)}px`;
};

const walk = (event) => {
  const entries = [...event.currentTarget.children];
  const now = entries.indexOf(document.activeElement);
  const steps = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: entries.length - 1 };
  if (!event.currentTarget.matches(":popover-open")) return; // closed a moment ago
  event.stopPropagation();
  if (event.key === "Tab") closeMenu();
  if (event.key === " " && event.target.matches("a")) {
    event.preventDefault();
    event.target.click(); // browsers follow a link by Enter, but not by Space
  }
  if (!(event.key in steps)) return;
  event.preventDefault();
  entries.at(steps[event.key] % entries.length).focus();
};
