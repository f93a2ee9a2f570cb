// Whole albums, artists and playlists as users play, queue and collect them: from a tile or a row, one
// or several at once. A thing is `{ kind, id, name }`, the kind in the plural.

import { get, getByPost } from "./api.js";
import { chosenTiles } from "./chosen-tiles.js";
import { showMenu } from "./menu.js";
import { addressOf } from "./router.js";
import { filled, gettext, ngettext } from "./translation.js";
import { number } from "./words.js";

// What the API calls the ids of each kind.
const FIELDS = { albums: "album_ids", artists: "artist_ids", playlists: "playlist_ids" };
const MOST_IDS = 10_000; // in one request
const KINDS_WITH_OPINIONS = ["albums", "artists"];

// The parameter of the list of tracks for what has no such ids.
const FILTERS = { composers: "composer", genres: "genre_id", labels: "label", years: "year" };

// "3 albums"; of several kinds "3 selected".
export const countOf = (things) => {
  const count = things.length;
  const texts = {
    albums: ngettext("%(count)s album", "%(count)s albums", count),
    artists: ngettext("%(count)s artist", "%(count)s artists", count),
    playlists: ngettext("%(count)s playlist", "%(count)s playlists", count),
  };
  const isOfOneKind = things.every(({ kind }) => kind === things[0].kind);
  const text = (isOfOneKind && texts[things[0]?.kind]) || ngettext("%(count)s selected", "%(count)s selected", count);
  return filled(text, { count: number(count) });
};

export const nameOf = (things) => (things.length === 1 ? things[0].name : countOf(things));

// `{ ids, missing_count }` of all tracks, in one request if the things have ids and are not very many.
const findTracks = async (things) => {
  const wanted = {};
  for (const { kind, id } of things) if (kind in FIELDS) (wanted[FIELDS[kind]] ??= []).push(id);
  const asked = things.length > MOST_IDS ? Object.entries(wanted).flatMap(([field, ids]) => portions(ids).map((some) => getByPost("track-ids", { [field]: some }))) : Object.keys(wanted).length ? [getByPost("track-ids", wanted)] : [];
  const others = things.filter(({ kind }) => kind in FILTERS).map(({ kind, id }) => idsOf({ [FILTERS[kind]]: id }));
  const found = await Promise.all([...asked, ...others]);
  return { ids: found.flatMap(({ ids }) => ids), missing: found.reduce((sum, each) => sum + (each.missing_count ?? 0), 0) };
};

const portions = (ids) => Array.from({ length: Math.ceil(ids.length / MOST_IDS) }, (_, at) => ids.slice(at * MOST_IDS, (at + 1) * MOST_IDS));

const idsOf = async (filter) => (await get(`tracks/ids?${new URLSearchParams({ ...filter, sort: "album" })}`)).body;

export class ThingActs {
  // `acts`: the PlaylistActs, `addTo`: the dialog AddToPlaylist.
  constructor({ player, toasts, addTo, router, acts }) {
    Object.assign(this, { player, toasts, addTo, router, acts });
    acts.things = this;
  }

  // The ids of the tracks. If none can be played, says why and returns an empty list.
  async tracksOf(things) {
    const { ids, missing } = await findTracks(things);
    if (!ids.length) this.toasts.show(this.whyNone(things, missing), "warning");
    return ids;
  }

  whyNone(things, missing) {
    const name = nameOf(things);
    const text = missing
      ? ngettext("“%(name)s” cannot be played: its only file is missing.", "“%(name)s” cannot be played: all of its %(count)s files are missing.", missing)
      : gettext("“%(name)s” has no tracks to play.");
    return filled(text, { name, count: number(missing) });
  }

  async withTracks(things, act) {
    const ids = await this.tracksOf(things);
    if (ids.length) await act(ids, things.length === 1 ? things[0].name : "");
  }

  play(things) {
    return this.withTracks(things, (ids) => this.player.playAll(ids));
  }

  shuffle(things) {
    return this.withTracks(things, (ids) => this.player.shuffleAll(ids));
  }

  addNext(things) {
    return this.withTracks(things, (ids, name) => this.player.addNext(ids, name));
  }

  addLast(things) {
    return this.withTracks(things, (ids, name) => this.player.addLast(ids, name));
  }

  // With all that is selected, if it is one of these.
  draggedWith(thing) {
    return this.dragged(chosenTiles.has(thing) ? chosenTiles.things : [thing]);
  }

  // As DropTargets takes it.
  dragged(things) {
    const [{ kind, id }] = things;
    const isOne = things.length === 1;
    return { name: nameOf(things), isOne, ids: () => this.tracksOf(things), playlistId: isOne && kind === "playlists" ? id : null };
  }

  addToPlaylist(things) {
    const name = things.length === 1 ? things[0].name : "";
    this.addTo.open({ ids: async () => (await findTracks(things)).ids, name });
  }

  // `more`: further entries at the end.
  async menu(things, at, more = []) {
    const [first] = things;
    if (things.length === 1 && first.kind === "playlists") return this.menuOfPlaylist(first, at, more);
    const label = filled(gettext("For %(name)s"), { name: nameOf(things) });
    return showMenu(label, [...this.entries(things), ...this.opinionEntries(things, at), ...this.places(things), ...more], at);
  }

  async menuOfPlaylist({ id }, at, more) {
    const { playlists } = this.acts;
    await playlists.want();
    const playlist = playlists.get(id);
    if (playlist) this.acts.menu(playlist, at, { more });
  }

  entries(things) {
    return [
      { label: gettext("Play"), run: () => this.play(things) },
      { label: gettext("Shuffle"), run: () => this.shuffle(things) },
      { label: gettext("Play next"), run: () => this.addNext(things) },
      { label: gettext("Add to the queue"), run: () => this.addLast(things) },
      { label: gettext("Add to a playlist…"), run: () => this.addToPlaylist(things) },
    ];
  }

  // Only if all are of one kind that can be a favourite.
  opinionEntries(things, at) {
    const [{ kind, name }] = things;
    if (!KINDS_WITH_OPINIONS.includes(kind) || things.some((each) => each.kind !== kind)) return [];
    const { opinionActs } = this.player;
    const ids = things.map(({ id }) => id);
    const isOne = ids.length === 1;
    const all = () => ({ kind, ids, name: isOne ? name : "" });
    return opinionActs.entries(all, at, isOne ? opinionActs.opinions.isFavourite(kind, ids[0]) : null);
  }

  places(things) {
    const [{ kind, id }] = things;
    if (things.length > 1) return [];
    return [
      { label: kind === "albums" ? gettext("Go to the album") : gettext("Open"), href: addressOf(kind, id) },
      kind === "albums" && { label: gettext("Go to the artist"), run: () => this.goToArtist(id) },
    ];
  }

  async goToArtist(albumId) {
    const { body } = await get(`albums/${albumId}`);
    const [artist] = body.album_artists;
    this.router.go(artist ? addressOf("artists", artist.id) : addressOf("tracks", null, { album: albumId }));
  }
}
