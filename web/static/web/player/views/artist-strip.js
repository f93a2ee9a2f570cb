// Artists as round pictures side by side, which scroll sideways where they do not fit.

import { makeCover, showCover } from "../cover.js";
import { element, tagText } from "../element.js";
import { addressOf } from "../router.js";

const PICTURE_PX = 96;
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

// `artists`: rows of the API; `heading`: an element; `all`: the address of all of them, if there are
// more.
export const artistStrip = (artists, { label, all = null, allLabel = "" }) =>
  element(
    "section",
    { class: "section artist-section", hidden: !artists.length },
    element("div", { class: "section-heading" }, element("h2", {}, label), all && element("a", { href: all }, allLabel)),
    element("ul", { class: "artist-strip", role: "list", "aria-label": label, on: { keydown: walk } }, ...artists.map(artistTile)),
  );

const artistTile = ({ id, name, cover_id: coverId }) => {
  const cover = makeCover(PICTURE_PX);
  showCover(cover, { artistId: id, coverId, name }, PICTURE_PX);
  return element("li", {}, element("a", { href: addressOf("artists", id) }, cover, tagText("tile-title", name)));
};

const walk = (event) => {
  const links = [...event.currentTarget.querySelectorAll("a")];
  const to = links[links.indexOf(document.activeElement) + (STEPS[event.key] ?? NaN)];
  if (!to || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  to.focus();
};
