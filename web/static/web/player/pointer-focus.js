// What was pressed with the pointer does not keep the keyboard: otherwise Space, meant to pause,
// would press it again. Whoever goes about by keys keeps the focus where it is.

const PRESSED = "button, a, summary, input[type=range]";
const CHOSEN = "select, input[type=range]";

let isPointer = false; // whether the last thing somebody did was by pointer
let isFocusByPointer = false;

// Whether what has the focus got it by the pointer.
export const isFocusOfPointer = () => isFocusByPointer;

// Listens before everything else, so that menus and dialogs do not give the focus back to a button
// that was clicked.
export const letGoAfterPointer = () => {
  const early = { capture: true };
  addEventListener("pointerdown", () => setPointer(true), early);
  addEventListener("keydown", () => setPointer(false), early);
  addEventListener("focusin", () => (isFocusByPointer = isPointer), early);
  addEventListener("click", letGo, early);
  addEventListener("change", ({ target }) => isPointer && target.matches?.(CHOSEN) && target.blur(), early);
};

// Where the focus goes after a click it is not marked: nobody is lost.
const setPointer = (isNow) => {
  isPointer = isNow;
  document.documentElement.classList.toggle("by-pointer", isNow);
};

const letGo = (event) => {
  const isByKey = event.detail === 0; // a click that Enter, Space or a screen reader made
  const pressed = event.target.closest?.(PRESSED);
  if (!isByKey && pressed && pressed === document.activeElement) pressed.blur();
};
