// Says in words what an album is: its types, its years, and what its files are.

import { filled, gettext } from "../translation.js";
import { counted, number } from "../words.js";

const TYPES = {
  album: gettext("Album"),
  single: gettext("Single"),
  ep: gettext("EP"),
  live: gettext("Live"),
  compilation: gettext("Compilation"),
  soundtrack: gettext("Soundtrack"),
  broadcast: gettext("Broadcast"),
  audiobook: gettext("Audiobook"),
  other: gettext("Other"),
  "dj-mix": "DJ mix",
  "mixtape/street": gettext("Mixtape"),
  "audio drama": gettext("Audio drama"),
  spokenword: gettext("Spoken word"),
  "field recording": gettext("Field recording"),
};
const CODECS = {
  ac3: "AC-3",
  eac3: "E-AC-3",
  ape: "Monkey’s Audio",
  musepack: "Musepack",
  opus: "Opus",
  speex: "Speex",
  tta: "True Audio",
  vorbis: "Ogg Vorbis",
  wavpack: "WavPack",
};
const MOST_FORMATS = 3;

// "Album · Live"; "" if the files name no type.
export const typesOf = ({ release_types: types, compilation }) => {
  const all = compilation && !types.includes("compilation") ? [...types, "compilation"] : types;
  return all.map((type) => TYPES[type] ?? type.charAt(0).toUpperCase() + type.slice(1)).join(" · ");
};

// "1973", or "1973 (this release: 2011)"
export const yearsOf = ({ year, first_year: first }) =>
  first && year && first !== year ? filled(gettext("%(first)s (this release: %(year)s)"), { first, year }) : String(first ?? year ?? "");

// "Deluxe edition · MP3": the edition that the files name, and what tells the album from others of its
// name, if that is not the edition.
export const nameOfEdition = ({ edition, disambiguation = "" }) =>
  disambiguation.includes(edition) ? disambiguation : [edition, disambiguation].filter(Boolean).join(" · ");

// The lines beneath a tile, if the artist need not be named: the year, and what tells the album from
// others of its name, unless that is the year.
export const yearAndNote = (year, note) => [String(year ?? ""), note === String(year) ? "" : (note ?? "")];

// "FLAC, 24 bit, 96 kHz"; of an album in several formats, with the number of tracks of each.
export const qualityOf = (formats) => {
  const counts = new Map();
  for (const format of formats) counts.set(inWords(format), (counts.get(inWords(format)) ?? 0) + format.track_count);
  const all = [...counts].filter(([words]) => words);
  if (all.length === 1) return all[0][0];
  const parts = all.slice(0, MOST_FORMATS).map(([words, count]) => filled(gettext("%(format)s (%(tracks)s)"), { format: words, tracks: counted(count, "track") }));
  return [...parts, ...(all.length > MOST_FORMATS ? [gettext("others")] : [])].join("; ");
};

// What is lossless has a bit depth; of what is lossy the bit rate tells more.
const inWords = ({ codec, bit_depth: depth, sample_rate_hz: rate, bitrate_kbps: bitrate }) => {
  if (!codec) return "";
  const name = codecOf(codec);
  if (!depth) return [name, bitrate && speed(bitrate)].filter(Boolean).join(", ");
  return [name, depth > 1 && depthOf(depth), rate && frequency(rate)].filter(Boolean).join(", ");
};

export const codecOf = (codec) => CODECS[codec] ?? codec.toUpperCase();

// "FLAC · 44.1 kHz · 16 bit · 1024 kbit/s": all that is known of the sound of one track.
export const soundOf = ({ codec, bit_depth: depth, sample_rate_hz: rate, bitrate_kbps: bitrate }) =>
  [codec && codecOf(codec), rate && frequency(rate), depth > 1 && depthOf(depth), bitrate && speed(bitrate)].filter(Boolean).join(" · ");

export const frequency = (rate) => (rate >= 1_000_000 ? `${rounded(rate / 1_000_000)} MHz` : `${rounded(rate / 1000)} kHz`);
const rounded = (value) => number(Math.round(value * 10) / 10);
const speed = (bitrate) => `${number(bitrate)} kbit/s`;
const depthOf = (bits) => filled(gettext("%(bits)s bit"), { bits });
