// The menus of a track and of several selected tracks.

import { get, orAway } from "./api.js";
import { artistsOf } from "./artist-links.js";
import { showMenu } from "./menu.js";
import { addressOf } from "./router.js";
import { shareEntry } from "./share-entry.js";
import { filled, gettext } from "./translation.js";
import { clockFromZero, counted } from "./words.js";

const MOST_ARTISTS = 4;

// `more`: further entries that come first, for instance for a track in the queue.
export const makeTrackMenu = (player, router, toasts, addTo, bookmarks, keepOffline) => (track, at, more = null) => {
  const goToArtist = async () => {
    try {
      const { body } = await get(`tracks/${track.id}`);
      const artist = body.artist_ids[0] ?? body.album_artist_ids[0];
      router.go(artist ? addressOf("artists", artist) : addressOf("tracks", null, { q: track.artist }));
    } catch (error) {
      toasts.show(filled(gettext("The artist could not be found. %(why)s"), { why: error.message }), "error");
    }
  };
  const known = artistsOf(track);
  const artists =
    known.length > 1
      ? known.slice(0, MOST_ARTISTS).map(({ id, name }) => ({ label: filled(gettext("Go to %(artist)s"), { artist: name || track.artist }), href: addressOf("artists", id) }))
      : [track.artist && { label: gettext("Go to the artist"), run: goToArtist }];
  const { opinionActs } = player;
  const thing = () => ({ kind: "tracks", ids: [track.id], name: track.title });
  const add = [
    { label: gettext("Play next"), run: () => player.addNext([track.id], track.title) },
    { label: gettext("Add to the queue"), run: () => player.addLast([track.id], track.title) },
    { label: gettext("Add to a playlist…"), run: () => addTo.open({ ids: () => [track.id], name: track.title }) },
    shareEntry(() => ({ track_ids: [track.id] }), track.title),
    keepOffline.entry({ kind: "tracks", id: track.id, name: track.title }),
    ...opinionActs.entries(thing, at, opinionActs.opinions.isFavourite("tracks", track.id)),
  ];
  const go = [
    track.album_id && { label: gettext("Go to the album"), href: addressOf("albums", track.album_id) },
    ...artists,
    track.genre && { label: filled(gettext("More %(genre)s"), { genre: track.genre }), href: addressOf("tracks", null, { genre: track.genre }) },
  ];
  const details = { label: gettext("Details…"), run: async () => (await orAway(import("./track-details.js"))).showDetails(track.id) };
  const mark = bookmarkEntries(player, bookmarks, track);
  showMenu(filled(gettext("For %(name)s"), { name: track.title }), [...(more ?? []), ...(track.isGone ? [] : add), ...mark, ...go, details], at);
};

const bookmarkEntries = (player, bookmarks, { id, title }) => {
  const { position } = player;
  const isHere = id === player.trackId && position >= 1;
  return [
    isHere && { label: filled(gettext("Set a bookmark at %(time)s"), { time: clockFromZero(position) }), run: () => bookmarks.setHere(id, position, title) },
    bookmarks.in(id) && { label: gettext("Remove the bookmark"), run: () => bookmarks.remove(id) },
  ];
};

// `ids()` returns a promise of the tracks' ids. `first` replaces the entry "Play"; `last` is
// appended.
export const makeMenuOfSeveral = (player, addTo) => (count, ids, at, { first = [], last = [] } = {}) => {
  const play = { label: gettext("Play"), run: async () => player.playAll(await ids()) };
  const entries = [
    ...(first.length ? first : [play]),
    { label: gettext("Play next"), run: async () => player.addNext(await ids()) },
    { label: gettext("Add to the queue"), run: async () => player.addLast(await ids()) },
    { label: gettext("Add to a playlist…"), run: () => addTo.open({ ids }) },
    shareEntry(async () => ({ track_ids: await ids() })),
    ...player.opinionActs.entries(async () => ({ kind: "tracks", ids: await ids() }), at),
    ...last,
  ];
  showMenu(filled(gettext("For %(name)s"), { name: counted(count, "track") }), entries, at);
};
