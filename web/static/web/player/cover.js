// Shows a cover or, if there is none, a coloured tile with a letter; never a broken image.

import { API } from "./addresses.js";
import { element } from "./element.js";
import { keptIndex } from "./kept-index.js";

const HUES = 360;
const DECADE_OR_YEAR = /^[12]\d(\d\d)s?$/; // all would have one of two first characters

// The edges of the squares that the server makes, in px, and the densities for which the browser
// chooses one of them.
const EDGES_PX = [64, 160, 320, 640, 1200];
const DENSITIES = [1, 1.5, 2, 3, 4];

// If the server cannot make a cover now (503) or is away, the request is repeated with growing
// pauses: eight times in about four minutes.
const FIRST_WAIT_S = 1;
const MOST_TRIES = 8;
const UNAVAILABLE = 503;

// Pictures that do not exist (404), and URLs that a repeated request has loaded: if such an image
// still fails, the picture is broken. `retries` holds the promises of repeated requests.
const absent = new Set();
const fetched = new Set();
const retries = new Map();

// All tracks of an album have the same picture. It gets the URL of the track that was shown first,
// so that the browser loads it once.
const trackOfCover = new Map();

// The URL of a picture without its size: `at("320")` is that of 320 px. `artistId`: the picture of
// an artist, else that of a track. Null if there is none.
const picture = ({ trackId, artistId, coverId }) => {
  if (!coverId || !(trackId || artistId)) return null;
  if (!artistId && !trackOfCover.has(coverId)) trackOfCover.set(coverId, trackId);
  const owner = artistId ? `artists/${artistId}` : `tracks/${trackOfCover.get(coverId)}`;
  return { key: `${owner} ${coverId}`, at: (size) => `${API}${owner}/covers/${size}.webp?v=${encodeURIComponent(coverId)}${keptIndex.ofCover(coverId)}` };
};

// The smallest edge that is sharp on `px` device pixels.
const edgeFor = (px) => EDGES_PX.find((edge) => edge >= px) ?? EDGES_PX.at(-1);

// All densities are listed, even where two have the same picture: between two candidates browsers
// choose the nearer one, which may be the one that is too small.
const sourcesOf = ({ at }, widthPx) => DENSITIES.map((density) => `${at(edgeFor(density * widthPx))} ${density}x`).join(", ");

// For the system's media controls: `{ src, sizes, type }` of each size.
export const artworkOf = (cover) => {
  const shown = picture(cover);
  return shown ? EDGES_PX.map((edge) => ({ src: shown.at(edge), sizes: `${edge}x${edge}`, type: "image/webp" })) : [];
};

// `widthPx`: the width in the layout, in CSS pixels, as in `showCover`.
export const makeCover = (widthPx) => {
  const image = element("img", { alt: "", width: widthPx, height: widthPx, loading: "lazy", decoding: "async", hidden: true });
  const cover = element("span", { class: "cover", "aria-hidden": "true" }, image);
  // The event of a picture that was replaced meanwhile may come late.
  image.addEventListener("load", () => image.hasAttribute("srcset") && image.complete && cover.classList.add("is-loaded"));
  image.addEventListener("error", () => {
    const { currentSrc } = image;
    clear(image);
    if (currentSrc) retry(cover, currentSrc);
  });
  return cover;
};

// `shown`: `trackId` or `artistId`, `coverId`, and `name`, which gives the letter and the colour of
// the tile. `isSettled` is false while the list is scrolled; then no cover is requested.
export const showCover = (cover, shown, widthPx, isSettled = true) => {
  const image = cover.firstElementChild;
  const found = picture(shown);
  const key = found?.key ?? "";
  const sources = found ? sourcesOf(found, widthPx) : "";
  if (cover.dataset.key === key && cover.dataset.name === shown.name) {
    // The same picture in another width stays in sight until the sharper one is loaded.
    if (image.hasAttribute("srcset") && image.srcset !== sources) image.srcset = sources;
    cover.sources = sources;
    return;
  }
  cover.dataset.name = shown.name;
  cover.sources = sources;
  showTile(cover, shown.name);
  clear(image);
  cover.dataset.key = found && !isSettled ? "later" : key;
  if (found && isSettled && !absent.has(key)) load(cover);
};

// Repeat a request that failed. An <img> does not report the status, so this uses fetch. All
// elements with the same cover share one repeated request.
const retry = async (cover, url) => {
  const { key } = cover.dataset;
  if (fetched.has(url)) return;
  if (!retries.has(url)) retries.set(url, untilAnswered(url, key).finally(() => retries.delete(url)));
  const isThere = await retries.get(url);
  if (isThere && cover.dataset.key === key) load(cover);
};

// Resolves to whether the cover exists, as soon as the server gives an answer other than 503.
const untilAnswered = async (url, key) => {
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
      if (answer.status === 404) absent.add(key);
      return false;
    }
    waitS = Math.max(2 * waitS, Number(answer?.headers.get("Retry-After")) || 0);
  }
  return false;
};

const pause = (seconds) => new Promise((resolve) => setTimeout(resolve, 1000 * seconds));

// While somebody types, covers wait: the answer to the next key would queue behind those of results
// that are gone by then.
const HELD_MS = 150;
let held = null; // the covers that wait; null if none have to
let releasing = 0;

export const holdCovers = () => {
  held ??= new Set();
  clearTimeout(releasing);
  releasing = setTimeout(releaseCovers, HELD_MS);
};

const releaseCovers = () => {
  const waiting = held;
  held = null;
  for (const cover of waiting) {
    const { key } = cover.dataset;
    if (cover.isConnected && key && key !== "later") load(cover);
  }
};

const load = (cover) => {
  if (held) {
    held.add(cover);
    return;
  }
  const image = cover.firstElementChild;
  image.hidden = false;
  image.srcset = cover.sources;
};

const clear = (image) => {
  image.hidden = true;
  image.removeAttribute("srcset");
  image.parentElement.classList.remove("is-loaded");
};

const showTile = (cover, name) => {
  cover.style.setProperty("--hue", hueOf(name));
  cover.dataset.letter = name.match(DECADE_OR_YEAR)?.[1] ?? [...name.trim()][0]?.toUpperCase() ?? "♪";
};

const hueOf = (name) => {
  let hash = 0;
  for (const letter of name) hash = (hash * 31 + letter.codePointAt(0)) % 1_000_003;
  return hash % HUES;
};
