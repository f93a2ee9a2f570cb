// The dialog with everything that is known about a track.

import { get } from "./api.js";
import { element } from "./element.js";
import { openDialog } from "./name-dialog.js";
import { starsWords } from "./opinion-acts.js";
import { addressOf } from "./router.js";
import { filled, gettext, ngettext } from "./translation.js";
import { codecOf, frequency } from "./views/album-words.js";
import { albumTitle, clock, date, moment, number } from "./words.js";

const STEP = 1000; // of sizes
const CHANNELS = { 1: gettext("Mono"), 2: gettext("Stereo") };
const MUSICBRAINZ = "https://musicbrainz.org/";
const ROLES = {
  artist: gettext("Artist"),
  album_artist: gettext("Album artist"),
  composer: gettext("Composer"),
  conductor: gettext("Conductor"),
  lyricist: gettext("Lyricist"),
  arranger: gettext("Arranger"),
  remixer: gettext("Remixer"),
  producer: gettext("Producer"),
  performer: gettext("Performer"),
};

export const showDetails = async (id) => {
  const [{ body: track }, { body: listed }] = await Promise.all([get(`tracks/${id}`), get(`tracks?ids=${id}&own=true`)]);
  const own = listed.results[0]?.own;
  const dialog = openDialog(
    track.title,
    ...sectionsOf(track, own),
    element("div", { class: "actions" }, element("button", { type: "button", on: { click: () => dialog.close() } }, gettext("Close"))),
  );
  dialog.classList.add("details");
  dialog.addEventListener("click", ({ target }) => target.closest("a:not([target])") && dialog.close());
};

const sectionsOf = (track, own) => [
  ...section(gettext("Music"), [
    [gettext("Album"), track.album_id ? link("albums", track.album_id, albumTitle(track.album)) : track.album],
    [gettext("Place"), placeOf(track)],
    ...creditsOf(track),
    [ngettext("Genre", "Genres", track.genres.length), joined(track.genres.map((genre) => tracksOf(genre)))],
    [gettext("Work"), track.work],
    [gettext("Movement"), [track.movement_number, track.movement].filter(Boolean).join(". ")],
    [gettext("Mood"), track.moods.join(", ")],
    [gettext("Beats per minute"), track.bpm && number(track.bpm)],
    [gettext("Comment"), track.comment],
  ]),
  ...section(gettext("Release"), [
    [gettext("Released"), track.release_date || track.year],
    [gettext("First released"), track.original_date || (track.first_year !== track.year && track.first_year)],
    [gettext("Edition"), track.edition],
    [ngettext("Label", "Labels", track.labels.length), track.labels.join(", ")],
    [gettext("Catalogue number"), track.catalogue_number],
    [gettext("ISRC"), track.isrc.join(", ")],
  ]),
  ...section(gettext("For you"), [
    [gettext("Plays"), own && (own.play_count ? played(own) : gettext("Never played"))],
    [gettext("Rating"), own && starsWords(own.rating ?? 0)],
    [gettext("Favourite since"), own?.favourited_at && date(own.favourited_at)],
    [gettext("Added"), moment(track.added_at)],
  ]),
  ...section(gettext("File"), fileOf(track)),
  ...section("MusicBrainz", [
    [gettext("Recording"), musicbrainz("recording", track.musicbrainz_recording_id)],
    [gettext("Track"), musicbrainz("track", track.musicbrainz_track_id)],
    [gettext("Release"), musicbrainz("release", track.musicbrainz_release_id)],
    [gettext("Release group"), musicbrainz("release-group", track.musicbrainz_release_group_id)],
    [ngettext("Artist", "Artists", track.musicbrainz_artist_ids.length), joined(track.musicbrainz_artist_ids.map((each) => musicbrainz("artist", each)))],
  ]),
];

const fileOf = (track) => [
  [gettext("Format"), codecOf(track.codec)],
  [gettext("Sample rate"), track.sample_rate_hz && frequency(track.sample_rate_hz)],
  [gettext("Bit depth"), track.bit_depth > 1 && filled(gettext("%(bits)s bit"), { bits: track.bit_depth })],
  [gettext("Bit rate"), track.bitrate_kbps && `${number(track.bitrate_kbps)} kbit/s`],
  [gettext("Channels"), CHANNELS[track.channels] ?? track.channels],
  [gettext("Length"), clock(track.duration_s)],
  [gettext("Size"), sizeOf(track.size_bytes)],
  [gettext("ReplayGain of the track"), gainOf(track.replaygain_track_gain_db, track.replaygain_track_peak)],
  [gettext("ReplayGain of the album"), gainOf(track.replaygain_album_gain_db, track.replaygain_album_peak)],
  [gettext("Missing since"), track.missing_since && moment(track.missing_since)],
  [gettext("Path"), track.path && element("code", { dir: "auto", translate: "no" }, `${track.root}/${track.path}`)],
];

// A heading and the rows that have a value; nothing if none has.
const section = (title, rows) => {
  const shown = rows.filter(([, value]) => (Array.isArray(value) ? value.length : value));
  if (!shown.length) return [];
  return [element("h3", {}, title), element("dl", {}, ...shown.map(row))];
};

const row = ([name, value]) => element("div", {}, element("dt", {}, name), element("dd", { dir: "auto", translate: "no" }, ...(Array.isArray(value) ? value : [value])));

const link = (view, id, name) => element("a", { href: addressOf(view, id), dir: "auto", translate: "no" }, name);
const tracksOf = (genre) => element("a", { href: addressOf("tracks", null, { genre }), dir: "auto", translate: "no" }, genre);
const joined = (parts) => parts.flatMap((part, at) => (at ? [", ", part] : [part]));

const musicbrainz = (kind, id) =>
  id && element("a", { href: `${MUSICBRAINZ}${kind}/${encodeURIComponent(id)}`, target: "_blank", rel: "noopener noreferrer" }, id);

// "2 of 12, disc 1 of 2"
const placeOf = ({ track_number: at, track_total: total, disc_number: disc, disc_total: discs, disc_subtitle: subtitle }) => {
  const of = (place, all) => (all ? filled(gettext("%(place)s of %(all)s"), { place, all }) : String(place));
  const onDisc = disc && (discs > 1 || disc > 1) && filled(gettext("disc %(place)s"), { place: of(disc, discs) });
  return [at && of(at, total), onDisc, subtitle].filter(Boolean).join(", ");
};

// A row for each role, with everybody in it.
const creditsOf = ({ credits }) =>
  Object.entries(ROLES).map(([role, label]) => {
    const people = credits.filter((credit) => credit.role === role);
    return [label, joined(people.map((credit) => personOf(credit)))];
  });

const personOf = ({ role, artist_id: id, name, instrument }) => {
  const view = role === "composer" ? "composers" : "artists";
  const isListed = ["artist", "album_artist", "composer"].includes(role);
  const shown = isListed ? link(view, id, name) : element("span", { dir: "auto", translate: "no" }, name);
  return instrument ? element("span", {}, shown, ` (${instrument})`) : shown;
};

const played = ({ play_count: count, last_played_at: last }) => {
  const plays = filled(ngettext("%(count)s play", "%(count)s plays", count), { count: number(count) });
  return last ? filled(gettext("%(plays)s, last on %(date)s"), { plays, date: date(last) }) : plays;
};

const sizeOf = (bytes) => {
  const [size, unit] = bytes >= STEP ** 2 ? [bytes / STEP ** 2, "MB"] : [bytes / STEP, "kB"];
  return `${number(Math.round(size * 10) / 10)} ${unit}`;
};

const gainOf = (gain, peak) => {
  if (gain === null) return "";
  const db = `${number(gain)} dB`;
  return peak === null ? db : filled(gettext("%(gain)s, peak %(peak)s"), { gain: db, peak: number(peak) });
};
