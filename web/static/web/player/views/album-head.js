// The head of an album's page: what is known about the album, and its buttons.

import { artistLinks } from "../artist-links.js";
import { makeCover, showCover } from "../cover.js";
import { element, unbroken } from "../element.js";
import { addressOf } from "../router.js";
import { gettext } from "../translation.js";
import { albumArtist, albumTitle, counted, length } from "../words.js";
import { nameOfEdition, qualityOf, typesOf, yearsOf } from "./album-words.js";

const COVER_PX = 240;

// `actions`: buttons. The picture is loaded by `showCoverOf`, when the head is in the document: only
// then is its size known.
export const albumHead = (album, actions) => {
  const years = yearsOf(album);
  const edition = nameOfEdition(album);
  const totals = unbroken([years, counted(album.track_count, "track"), length(album.duration_s)]);
  const line = (name, text) => (text ? element("p", { class: name, dir: "auto" }, text) : null);
  return element(
    "header",
    { class: "album-head" },
    makeCover(COVER_PX),
    element(
      "div",
      { class: "album-text" },
      line("kind", typesOf(album)),
      element("h1", { dir: "auto", translate: "no" }, albumTitle(album.title)),
      line("disambiguation", edition === years ? "" : edition),
      element("p", { class: "by", dir: "auto", translate: "no" }, ...artistLinks(albumArtist(album.album_artist), album.album_artists)),
      element("p", { class: "count" }, ...totals),
    ),
    element("div", { class: "actions", role: "group", "aria-label": albumTitle(album.title) }, ...actions),
    facts(album),
  );
};

export const showCoverOf = (head, album) => {
  const cover = head.querySelector(".cover");
  const shown = { trackId: album.cover_track_id, coverId: album.cover_id, name: albumTitle(album.title) };
  showCover(cover, shown, cover.clientWidth || COVER_PX);
};

const facts = (album) => {
  const genres = album.genres.map((name, at) => linkTo("genres", album.genre_ids[at], name));
  const labels = album.labels.map((name, at) => linkTo("labels", album.label_ids[at], name));
  const rows = [
    fact(genres.length > 1 ? gettext("Genres") : gettext("Genre"), joined(genres)),
    fact(labels.length > 1 ? gettext("Labels") : gettext("Label"), joined(labels)),
    fact(gettext("Catalogue number"), [album.catalogue_number]),
    fact(gettext("Quality"), [qualityOf(album.formats)]),
  ].filter(Boolean);
  return rows.length ? element("dl", { class: "album-facts" }, ...rows) : null;
};

const fact = (name, content) =>
  content.some(Boolean) ? element("div", {}, element("dt", {}, name), element("dd", { dir: "auto" }, ...content)) : null;

const linkTo = (view, id, name) => (id ? element("a", { href: addressOf(view, id), dir: "auto", translate: "no" }, name) : name);
const joined = (parts) => parts.flatMap((part, at) => (at ? [", ", part] : [part]));
