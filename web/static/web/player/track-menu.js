// The menus of a track and of several selected tracks.

import { get } from "./api.js";
import { showMenu } from "./menu.js";
import { addressOf } from "./router.js";
import { counted } from "./words.js";

// `more`: further entries that come first, for instance for a track in the queue.
export const makeTrackMenu = (player, router, toasts) => (track, at, more = null) => {
  const goToArtist = async () => {
    try {
      const { body } = await get(`tracks/${track.id}`);
      const artist = body.artist_ids[0] ?? body.album_artist_ids[0];
      router.go(artist ? addressOf("artists", artist) : addressOf("tracks", null, { q: track.artist }));
    } catch (error) {
      toasts.show(`The artist could not be found. ${error.message}`, "error");
    }
  };
  const add = [
    { label: "Play next", run: () => player.addNext([track.id], track.title) },
    { label: "Add to the queue", run: () => player.addLast([track.id], track.title) },
  ];
  const go = [
    track.album_id && { label: "Go to the album", href: addressOf("albums", track.album_id) },
    track.artist && { label: "Go to the artist", run: goToArtist },
    track.genre && { label: `More ${track.genre}`, href: addressOf("tracks", null, { genre: track.genre }) },
  ];
  showMenu(`For ${track.title}`, [...(more ?? []), ...(track.isGone ? [] : add), ...go], at);
};

// `ids()` returns a promise of the tracks' ids. `first` replaces the entry "Play"; `last` is
// appended.
export const makeMenuOfSeveral = (player) => (count, ids, at, { first = [], last = [] } = {}) => {
  const play = { label: "Play", run: async () => player.playAll(await ids()) };
  const entries = [
    ...(first.length ? first : [play]),
    { label: "Play next", run: async () => player.addNext(await ids()) },
    { label: "Add to the queue", run: async () => player.addLast(await ids()) },
    ...last,
  ];
  showMenu(`For ${counted(count, "track")}`, entries, at);
};
