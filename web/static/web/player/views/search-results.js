// What a search shows of each result: a large best match, tiles of albums, rows of the other kinds.

import { get } from "../api.js";
import { makeCover, showCover } from "../cover.js";
import { element, icon, tagText } from "../element.js";
import { makeMosaic, showMosaic } from "../mosaic.js";
import { factsOf as factsOfPlaylist } from "../playlist-words.js";
import { makeHeart, mark } from "../opinion-controls.js";
import { addressOf } from "../router.js";
import { filled, gettext } from "../translation.js";
import { albumArtist, albumTitle, clock, counted } from "../words.js";
import { albumTile, artistLine } from "./tiles.js";

const BEST_PX = 96;
const ROW_PX = 40;

// On a phone, albums are rows with a small cover (search.css).
const PHONE = matchMedia("(max-width: 719px)");
const PHONE_TILE_PX = 48;

// `data-item` marks what arrow keys move between; its value names the result.
const item = (kind, { id }) => ({ "data-item": `${kind} ${id}` });

const factsOf = ({ album_count: albums, track_count: tracks }) =>
  [albums && counted(albums, "album"), counted(tracks, "track")].filter(Boolean).join(", ");

const coverOf = {
  albums: ({ cover_track_id: trackId, cover_id: coverId, title }) => ({ trackId, coverId, name: albumTitle(title) }),
  tracks: ({ id: trackId, cover_id: coverId, album, title }) => ({ trackId, coverId, name: album || title }),
  artists: ({ id: artistId, cover_id: coverId, name }) => ({ artistId, coverId, name }),
  composers: ({ id: artistId, cover_id: coverId, name }) => ({ artistId, coverId, name }),
};
const tileOf = ({ name }) => ({ name });

const pictured = (kind, row, px, known) => {
  if (kind === "playlists") return mosaicOf(row, px, known);
  const cover = makeCover(px);
  showCover(cover, (coverOf[kind] ?? tileOf)(row), px);
  return cover;
};

// It is drawn again when it is known which pictures the tracks have.
const mosaicOf = (playlist, px, known) => {
  const mosaic = makeMosaic(px);
  const show = () => {
    showMosaic(mosaic, playlist, known, px);
    if (!mosaic.isConnected) known.removeEventListener("change", show);
  };
  known.addEventListener("change", show);
  showMosaic(mosaic, playlist, known, px);
  return mosaic;
};

const WORDS = {
  playlists: (playlist) => [gettext("Playlist"), ...factsOfPlaylist(playlist)],
  albums: (album) => [gettext("Album"), albumArtist(album.album_artist), album.first_year ?? album.year, album.disambiguation],
  tracks: (track) => [gettext("Track"), track.artist, track.album, clock(track.duration_s)],
  artists: (artist) => [gettext("Artist"), factsOf(artist)],
  composers: (composer) => [gettext("Composer"), factsOf(composer)],
  genres: (genre) => [gettext("Genre"), factsOf(genre)],
  labels: (label) => [gettext("Label"), factsOf(label)],
};

// The filter of the API's list of tracks for what belongs to a result.
const FILTERS = { albums: "album", artists: "artist", composers: "composer", genres: "genre_id", labels: "label" };

const titleOf = (kind, row) => (kind === "albums" ? albumTitle(row.title) : (row.title ?? row.name));

// A link to the result; for a track, a button that plays it.
export const bestMatch = (kind, row, { player, acts }) => {
  const isTrack = kind === "tracks";
  const title = titleOf(kind, row);
  const play = async () => {
    if (kind === "playlists") return acts.play(row);
    const ids = isTrack ? [row.id] : (await get(`tracks/ids?${new URLSearchParams({ [FILTERS[kind]]: row.id, sort: "album" })}`)).body.ids;
    return player.playAll(ids);
  };
  const parts = [
    pictured(kind, row, BEST_PX, player.known),
    element("span", { class: "best-text" }, tagText("best-title", title), tagText("best-words", WORDS[kind](row).filter(Boolean).join(" · "))),
  ];
  const attributes = { class: `best-link is-of-${kind}`, ...item(`best ${kind}`, row) };
  const link = isTrack
    ? element("button", { type: "button", ...attributes, "aria-label": filled(gettext("Play %(title)s, %(artist)s"), { title, artist: row.artist }), on: { click: play } }, ...parts)
    : element("a", { ...attributes, href: addressOf(kind, row.id) }, ...parts);
  const button = element("button", { type: "button", class: "best-play icon-button", "aria-label": filled(gettext("Play %(name)s"), { name: title }), title: gettext("Play"), on: { click: play } }, icon("play"));
  return element("div", { class: "best" }, link, button);
};

export const albumResult = (album) =>
  albumTile(album, {
    linesOf: artistAndNote,
    coverPx: PHONE.matches ? PHONE_TILE_PX : undefined,
    attributes: item("albums", album),
  });

const artistAndNote = (album) => [artistLine(album), album.disambiguation || String(album.first_year ?? album.year ?? "")];

export const groupRow = (kind, group, known) => {
  const words = kind === "playlists" ? factsOfPlaylist(group).join(" · ") : factsOf(group);
  const attributes = { class: `artist-link is-of-${kind}`, href: addressOf(kind, group.id), ...item(kind, group) };
  const link = element("a", attributes, pictured(kind, group, ROW_PX, known), tagText("text", group.name), element("span", { class: "facts" }, words));
  if (kind !== "artists" && kind !== "composers") return element("li", {}, link);
  const result = element("li", { class: "artist-item" }, link, makeHeart({ tabindex: "-1" }));
  mark(result, "artists", group.id, group.name);
  return result;
};
