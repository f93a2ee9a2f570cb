// Shows a cover or, if there is none, a coloured tile with a letter; never a broken image.

import { API } from "./addresses.js";
import { element } from "./element.js";

const HUES = 360;

// If the server cannot make a cover now (503) or is away, the request is repeated with growing
// pauses: eight times in about four minutes.
const FIRST_WAIT_S = 1;
const MOST_TRIES = 8;
const UNAVAILABLE = 503;

// URLs of covers that do not exist (404), and URLs that a repeated request has loaded: if such an
// image still fails, the picture is broken. `retries` holds the promises of repeated requests.
const absent = new Set();
const fetched = new Set();
const retries = new Map();

// All tracks of an album have the same picture. It gets the URL of the track that was shown first,
// so that the browser loads it once.
const trackOfCover = new Map();

export const coverUrl = (trackId, coverId, size = "small") => {
  if (!trackOfCover.has(coverId)) trackOfCover.set(coverId, trackId);
  return `${API}tracks/${trackOfCover.get(coverId)}/covers/${size}.webp?v=${encodeURIComponent(coverId)}`;
};

export const makeCover = (size) => {
  const image = element("img", { alt: "", width: size, height: size, decoding: "async", hidden: true });
  const cover = element("span", { class: "cover", "aria-hidden": "true" }, image);
  image.addEventListener("load", () => cover.classList.add("is-loaded"));
  image.addEventListener("error", () => {
    const url = image.getAttribute("src");
    clear(image);
    if (url) retry(cover, url);
  });
  return cover;
};

// `name` gives the letter and the colour of the tile. `isSettled` is false while the list is
// scrolled; then no cover is requested.
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

// Repeat a request that failed. An <img> does not report the status, so this uses fetch. All
// elements with the same cover share one repeated request.
const retry = async (cover, url) => {
  if (fetched.has(url)) return;
  if (!retries.has(url)) retries.set(url, untilAnswered(url).finally(() => retries.delete(url)));
  const isThere = await retries.get(url);
  if (isThere && cover.dataset.url === url) load(cover.firstElementChild, url);
};

// Resolves to whether the cover exists, as soon as the server gives an answer other than 503.
const untilAnswered = async (url) => {
  let waitS = FIRST_WAIT_S;
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    await pause(waitS * (1 + Math.random()));
    const answer = await fetch(url).catch(() => null);
    if (answer?.ok) {
      await answer.blob(); // puts the picture into the browser's cache
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
