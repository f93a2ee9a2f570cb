// Removes the focus from buttons and links after a click. Otherwise Space, which should pause,
// would press the button again. When the keyboard is used, the focus stays.

const PRESSED = "button, a, summary, input[type=range]";
const CHOSEN = "select, input[type=range]";

let isPointer = false; // whether the last input came from the pointer
let isFocusByPointer = false;

// Whether the focused element got the focus by the pointer.
export const isFocusOfPointer = () => isFocusByPointer;

// Give the focus to `element` without giving it Space.
export const focusAsByPointer = (element) => {
  element?.focus();
  isFocusByPointer = true;
};

// The listeners run in the capture phase, before all others. Otherwise menus and dialogs would
// return the focus to the button that was clicked.
export const blurAfterPointer = () => {
  const early = { capture: true };
  addEventListener("pointerdown", () => setPointer(true), early);
  addEventListener("keydown", () => setPointer(false), early);
  addEventListener("focusin", () => (isFocusByPointer = isPointer), early);
  addEventListener("click", blurPressed, early);
  addEventListener("change", ({ target }) => isPointer && target.matches?.(CHOSEN) && target.blur(), early);
};

// With the class `by-pointer`, the style sheet shows no focus ring.
const setPointer = (isNow) => {
  isPointer = isNow;
  document.documentElement.classList.toggle("by-pointer", isNow);
};

const blurPressed = (event) => {
  const isByKey = event.detail === 0; // Enter, Space or a screen reader caused the click
  const pressed = event.target.closest?.(PRESSED);
  if (!isByKey && pressed && pressed === document.activeElement) pressed.blur();
};
