// The cover of a playlist: four of its covers, or one, or a tile with a letter.

import { makeCover, showCover } from "./cover.js";
import { element } from "./element.js";

const MOST = 4;

export const makeMosaic = (px) => {
  const covers = Array.from({ length: MOST }, () => makeCover(px / 2));
  const mosaic = element("span", { class: "mosaic", "aria-hidden": "true" }, ...covers);
  mosaic.covers = covers;
  return mosaic;
};

// `known`: the KnownTracks, which say which picture a track has; tracks that are not known yet are
// requested, and their covers are shown by the next call. `px`: the width of the whole.
export const showMosaic = (mosaic, { name, cover_track_ids: ids = [] }, known, px, isSettled = true) => {
  if (isSettled) known.want(ids);
  const tracks = withCovers(ids.map((id) => known.get(id)).filter(Boolean));
  const isWhole = tracks.length < MOST;
  mosaic.classList.toggle("is-whole", isWhole);
  mosaic.covers.forEach((cover, at) => {
    const track = tracks[isWhole ? 0 : at];
    cover.hidden = isWhole && at > 0;
    if (cover.hidden) return;
    showCover(cover, { trackId: track?.id, coverId: track?.cover_id, name }, isWhole ? px : px / 2, isSettled);
  });
};

// The first track of each picture.
const withCovers = (tracks) => {
  const seen = new Set();
  return tracks.filter(({ cover_id: coverId }) => coverId && !seen.has(coverId) && seen.add(coverId));
};
