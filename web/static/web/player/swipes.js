// Touch gestures on the player. On the full player a swipe down closes it, and a swipe sideways on the
// cover changes the track; on the small bar a swipe sideways on the track does so.

const SLOP_PX = 8; // a shorter movement does not count as a swipe
const FAR_PX = { down: 96, sideways: 64 };
const FAST_PX_PER_MS = 0.5;
const FAST_LEAST_PX = 32;
const OTHERS = "input, .menu, [data-part=lyrics]"; // what fingers drag or scroll there

// `page`: the element of the bar, which may scroll when it is open. `large`: the cover in it, `track`:
// cover and title of the small bar. `isOpen()`: whether the full player is open.
export const listenToSwipes = (page, { large, track }, { isOpen, close, next, previous }) => {
  let swipe = null;

  const reset = () => {
    for (const each of [page, large, track]) each.style.transform = "";
    swipe = null;
  };

  const begin = (event) => {
    reset();
    const [touch] = event.touches;
    // Ignore zooming with two fingers.
    if (event.touches.length > 1 || event.target.closest(OTHERS)) return;
    const moved = isOpen() ? large : track;
    swipe = { x: touch.clientX, y: touch.clientY, at: event.timeStamp, moved, isOnMoved: moved.contains(event.target) };
  };

  const directionOf = (x, y) => {
    if (Math.abs(x) > Math.abs(y)) return swipe.isOnMoved ? "sideways" : "other";
    return isOpen() && y > 0 && page.scrollTop <= 0 ? "down" : "other";
  };

  const move = (event) => {
    if (!swipe) return;
    const [touch] = event.touches;
    const [x, y] = [touch.clientX - swipe.x, touch.clientY - swipe.y];
    if (!swipe.direction && Math.max(Math.abs(x), Math.abs(y)) < SLOP_PX) return;
    swipe.direction ??= directionOf(x, y);
    if (swipe.direction === "other" || event.touches.length > 1) {
      reset(); // the browser scrolls
      return;
    }
    if (event.cancelable) event.preventDefault();
    swipe.px = swipe.direction === "down" ? Math.max(0, y) : x;
    if (swipe.direction === "down") page.style.transform = `translateY(${swipe.px}px)`;
    else swipe.moved.style.transform = `translateX(${swipe.px}px)`;
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
