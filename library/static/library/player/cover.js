// A cover, or in its place a tile in a quiet colour with the first letter. Never a broken picture.

import { ROOT } from "./api.js";
import { element } from "./element.js";

const HUES = 360;

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
  image.addEventListener("error", () => clear(image));
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
  if (!url) return;
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
