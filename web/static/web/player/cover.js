// A cover, or in its place a tile in a quiet colour with the first letter. Never a broken picture.

import { ROOT } from "./api.js";
import { element } from "./element.js";

const HUES = 360;

// A cover that the server cannot make now (503), or a server that is away, is asked again, ever
// less often: eight times in some four minutes.
const FIRST_WAIT_S = 1;
const MOST_TRIES = 8;
const UNAVAILABLE = 503;

// By address: what is not there (404), what came when it was asked for again, and what is asked for
// again now. A picture that came and does not show is broken.
const absent = new Set();
const fetched = new Set();
const answers = new Map();

// All tracks of an album show one picture: asked for by one address, it is loaded once.
const askedBy = new Map();

export const coverUrl = (trackId, coverId, size = "small") => {
  if (!askedBy.has(coverId)) askedBy.set(coverId, trackId);
  return `${ROOT}tracks/${askedBy.get(coverId)}/covers/${size}.webp?v=${encodeURIComponent(coverId)}`;
};

export const makeCover = (size) => {
  const image = element("img", { alt: "", width: size, height: size, decoding: "async", hidden: true });
  const cover = element("span", { class: "cover", "aria-hidden": "true" }, image);
  image.addEventListener("load", () => cover.classList.add("is-loaded"));
  image.addEventListener("error", () => {
    const url = image.getAttribute("src");
    clear(image);
    if (url) askAgain(cover, url);
  });
  return cover;
};

// `name` is what the tile is drawn from; `isSettled` is false while covers would fly past.
export const showCover = (cover, { trackId, coverId, name }, size = "small", isSettled = true) => {
  const image = cover.firstElementChild;
  const url = coverId && trackId ? coverUrl(trackId, coverId, size) : "";
  if (cover.dataset.url === url && cover.dataset.name === name) return;
  cover.dataset.name = name;
  showTile(cover, name);
  if (url && !isSettled) {
    cover.dataset.url = "later";
    clear(image);
    return;
  }
  cover.dataset.url = url;
  clear(image);
  if (url && !absent.has(url)) load(image, url);
};

// An image does not tell with what status it failed. All cells that show one cover wait for one answer.
const askAgain = async (cover, url) => {
  if (fetched.has(url)) return;
  if (!answers.has(url)) answers.set(url, untilAnswered(url).finally(() => answers.delete(url)));
  const isThere = await answers.get(url);
  if (isThere && cover.dataset.url === url) load(cover.firstElementChild, url);
};

// Whether the cover is there, once the server says so.
const untilAnswered = async (url) => {
  let waitS = FIRST_WAIT_S;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    await pause(waitS * (1 + Math.random()));
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) {
      await answer.blob(); // now the browser keeps it
      fetched.add(url);
      return true;
    }
    if (answer && answer.status !== UNAVAILABLE) {
      if (answer.status === 404) absent.add(url);
      return false;
    }
    waitS = Math.max(2 * waitS, Number(answer?.headers.get("Retry-After")) || 0);
  }
  return false;
};

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

const load = (image, url) => {
  image.hidden = false;
  image.src = url;
};

const clear = (image) => {
  image.hidden = true;
  image.removeAttribute("src");
  image.parentElement.classList.remove("is-loaded");
};

const showTile = (cover, name) => {
  cover.style.setProperty("--hue", hueOf(name));
  cover.dataset.letter = [...name.trim()][0]?.toUpperCase() ?? "♪";
};

const hueOf = (name) => {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + letter.codePointAt(0)) % 1_000_003;
  return hash % HUES;
};
