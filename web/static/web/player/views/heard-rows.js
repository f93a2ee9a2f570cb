// Rows of what belongs to a track, or to one that is not in the library any more: in the history
// and in the list of bookmarks.

import { makeCover, showCover } from "../cover.js";
import { element, iconButton, tagText } from "../element.js";
import { addressOf } from "../router.js";
import { filled, gettext } from "../translation.js";
import { albumTitle } from "../words.js";

const COVER_PX = 40;

// `row`: `{ track, lost, is_missing }`. `aside`: a text before the title. `play()` and `menu(at)`
// act on the track. `note`: a text below the title.
export const heardRow = ({ row, aside, play, menu, note = "" }) => {
  const shown = row.track ?? row.lost;
  const cover = makeCover(COVER_PX);
  showCover(cover, { trackId: row.track?.id, coverId: row.track?.cover_id, name: shown.album || shown.title }, COVER_PX);
  const made = element(
    "li",
    { class: `heard-row${row.is_missing ? " is-gone" : ""}` },
    aside,
    row.is_missing ? element("span", { class: "no-button" }) : iconButton("play", filled(gettext("Play %(name)s"), { name: shown.title }), play),
    cover,
    element("span", { class: "names" }, tagText("text", shown.title), factsOf(row, shown, note)),
    row.track && iconButton("menu", filled(gettext("More for %(name)s"), { name: shown.title }), ({ currentTarget }) => menu(currentTarget), { "aria-haspopup": "menu" }),
  );
  made.addEventListener("contextmenu", (event) => {
    if (!row.track || event.target.closest("a")) return;
    event.preventDefault();
    menu({ x: event.clientX, y: event.clientY });
  });
  made.addEventListener("dblclick", (event) => row.is_missing || event.target.closest("a, button") || play());
  return made;
};

const factsOf = (row, { artist, album }, note) => {
  const albumId = row.track?.album_id;
  const place = albumId
    ? element("a", { href: addressOf("albums", albumId), dir: "auto", translate: "no" }, albumTitle(album))
    : album && tagText("", album);
  const parts = [artist && tagText("", artist), place, row.is_missing && gettext("not in the library at the moment"), note];
  const shown = parts.filter(Boolean);
  return element("span", { class: "facts" }, ...shown.flatMap((part, at) => (at ? [" · ", part] : [part])));
};
