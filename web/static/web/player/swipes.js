// Touch gestures on the full player: a swipe down closes it, a swipe sideways on the cover changes
// track.

const SLOP_PX = 8; // a shorter movement does not count as a swipe
const FAR_PX = { down: 96, sideways: 64 };
const FAST_PX_PER_MS = 0.5;
const FAST_LEAST_PX = 32;

// `page`: the element of the full player, which may scroll. `cover`: the element in it that is
// swiped sideways. `isOpen()`: whether the full player is open.
export const listenToSwipes = (page, cover, { isOpen, close, next, previous }) => {
  let swipe = null;

  const reset = () => {
    swipe = null;
    page.style.transform = "";
    cover.style.transform = "";
  };

  const begin = (event) => {
    reset();
    const [touch] = event.touches;
    // Ignore touches on sliders and zooming with two fingers.
    if (!isOpen() || event.touches.length > 1 || event.target.closest("input")) return;
    swipe = { x: touch.clientX, y: touch.clientY, at: event.timeStamp, isOnCover: cover.contains(event.target) };
  };

  const move = (event) => {
    if (!swipe) return;
    const [touch] = event.touches;
    const [x, y] = [touch.clientX - swipe.x, touch.clientY - swipe.y];
    if (!swipe.direction && Math.max(Math.abs(x), Math.abs(y)) < SLOP_PX) return;
    swipe.direction ??= directionOf(x, y, swipe.isOnCover, page.scrollTop);
    if (swipe.direction === "other" || event.touches.length > 1) {
      reset(); // the browser scrolls
      return;
    }
    if (event.cancelable) event.preventDefault();
    swipe.px = swipe.direction === "down" ? Math.max(0, y) : x;
    if (swipe.direction === "down") page.style.transform = `translateY(${swipe.px}px)`;
    else cover.style.transform = `translateX(${swipe.px}px)`;
  };

  const end = (event) => {
    if (!swipe) return;
    const { direction, px = 0, at } = swipe;
    reset();
    const speed = Math.abs(px) / Math.max(1, event.timeStamp - at);
    const isFast = speed > FAST_PX_PER_MS && Math.abs(px) > FAST_LEAST_PX;
    if (event.type === "touchcancel" || !(Math.abs(px) > FAR_PX[direction] || isFast)) return;
    if (direction === "down") close();
    else if (px < 0) next();
    else previous();
  };

  page.addEventListener("touchstart", begin, { passive: true });
  page.addEventListener("touchmove", move, { passive: false });
  for (const type of ["touchend", "touchcancel"]) page.addEventListener(type, end);
};

const directionOf = (x, y, isOnCover, scrollTop) => {
  if (Math.abs(x) > Math.abs(y)) return isOnCover ? "sideways" : "other";
  return y > 0 && scrollTop <= 0 ? "down" : "other";
};
