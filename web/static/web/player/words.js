// Formats numbers, durations, dates and the summaries of scans for people.

import { dateLanguage, filled, formatter, gettext, ngettext, numberLanguage } from "./translation.js";

const HOUR = 3600;
const numbers = formatter(Intl.NumberFormat, numberLanguage);
const dates = formatter(Intl.DateTimeFormat, dateLanguage, { dateStyle: "medium" });
const moments = formatter(Intl.DateTimeFormat, dateLanguage, { dateStyle: "medium", timeStyle: "short" });

export const number = (value) => numbers.format(value);

// "1 track", "20,000 tracks"
export const counted = (count, noun) => filled(COUNTED[noun](count), { count: number(count) });

const COUNTED = {
  track: (count) => ngettext("%(count)s track", "%(count)s tracks", count),
  album: (count) => ngettext("%(count)s album", "%(count)s albums", count),
  artist: (count) => ngettext("%(count)s artist", "%(count)s artists", count),
  playlist: (count) => ngettext("%(count)s playlist", "%(count)s playlists", count),
  composer: (count) => ngettext("%(count)s composer", "%(count)s composers", count),
  genre: (count) => ngettext("%(count)s genre", "%(count)s genres", count),
  label: (count) => ngettext("%(count)s label", "%(count)s labels", count),
  decade: (count) => ngettext("%(count)s decade", "%(count)s decades", count),
  year: (count) => ngettext("%(count)s year", "%(count)s years", count),
  folder: (count) => ngettext("%(count)s folder", "%(count)s folders", count),
  file: (count) => ngettext("%(count)s file", "%(count)s files", count),
  play: (count) => ngettext("%(count)s play", "%(count)s plays", count),
  star: (count) => ngettext("%(count)s star", "%(count)s stars", count),
};

// The words of one and of several, for sentences about all or none of them.
const NOUNS = {
  track: [gettext("track"), gettext("tracks")],
  album: [gettext("album"), gettext("albums")],
  artist: [gettext("artist"), gettext("artists")],
  composer: [gettext("composer"), gettext("composers")],
  genre: [gettext("genre"), gettext("genres")],
  label: [gettext("label"), gettext("labels")],
  decade: [gettext("decade"), gettext("decades")],
  year: [gettext("year"), gettext("years")],
  folder: [gettext("folder"), gettext("folders")],
  playlist: [gettext("playlist"), gettext("playlists")],
};
export const oneOf = (noun) => NOUNS[noun][0];
export const severalOf = (noun) => NOUNS[noun][1];

// "an album"; other languages leave the article out.
export const withArticle = (noun) => filled(/^[aeiou]/.test(noun) ? gettext("an %(thing)s") : gettext("a %(thing)s"), { thing: oneOf(noun) });

// "3:05", "1:02:03"; "" if the duration is not known
export const clock = (seconds) => (seconds > 0 ? clockFromZero(seconds) : "");

export const clockFromZero = (seconds) => {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const pad = (value) => String(value).padStart(2, "0");
  const minutes = Math.floor((whole % HOUR) / 60);
  const rest = pad(whole % 60);
  return whole >= HOUR ? `${Math.floor(whole / HOUR)}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`;
};

// The time that a scan took: "1 s", "3:05"
export const took = (seconds) => (seconds < 60 ? filled(gettext("%(seconds)s s"), { seconds: Math.max(1, Math.round(seconds)) }) : clockFromZero(seconds));

// "45 min", "3 h 12 min"
export const length = (seconds) => {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return minutes < 60 ? filled(gettext("%(minutes)s min"), { minutes }) : filled(gettext("%(hours)s h %(minutes)s min"), { hours: number(Math.floor(minutes / 60)), minutes: minutes % 60 });
};

export const date = (text) => dates.format(new Date(text));
export const moment = (text) => moments.format(new Date(text));

const days = formatter(Intl.DateTimeFormat, dateLanguage, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const daysOfThisYear = formatter(Intl.DateTimeFormat, dateLanguage, { weekday: "long", day: "numeric", month: "long" });
const times = formatter(Intl.DateTimeFormat, dateLanguage, { timeStyle: "short" });

// A day of the browser's time zone, with its year; and the same without that of the present year.
export const day = (text) => days.format(new Date(text));
export const dayAndMonth = (text) => {
  const at = new Date(text);
  return (at.getFullYear() === new Date().getFullYear() ? daysOfThisYear : days).format(at);
};
export const timeOfDay = (text) => times.format(new Date(text));

// "3 plays, last on 1 Mar 2026"; "" if there were none. `own`: what the API says of the user's plays.
export const playsOf = ({ play_count: count, last_played_at: last }) => {
  if (!count) return "";
  const plays = counted(count, "play");
  return last ? filled(gettext("%(plays)s, last on %(date)s"), { plays, date: date(last) }) : plays;
};

// What scans and days change, in the order in which it is told.
const CHANGES = {
  albums: (count) => ngettext("%(count)s album added", "%(count)s albums added", count),
  added: (count) => ngettext("%(count)s track added", "%(count)s tracks added", count),
  updated: (count) => ngettext("%(count)s track updated", "%(count)s tracks updated", count),
  moved: (count) => ngettext("%(count)s track moved", "%(count)s tracks moved", count),
  restored: (count) => ngettext("%(count)s track came back", "%(count)s tracks came back", count),
  joined: (count) => ngettext("%(count)s track joined with a copy", "%(count)s tracks joined with copies", count),
  missing: (count) => ngettext("%(count)s track missing", "%(count)s tracks missing", count),
  damaged: (count) => ngettext("%(count)s file damaged", "%(count)s files damaged", count),
  failed: (count) => ngettext("%(count)s file could not be read", "%(count)s files could not be read", count),
};
const enumeration = formatter(Intl.ListFormat, numberLanguage, { type: "unit" });

// The changes of a scan or a day, such as "3 albums added, 1 track missing"; "" without any. Tracks of
// new albums and files that were not damaged before are told as such, if that is known.
export const changesOf = (counts) => {
  const { added, added_alone: alone = added, failed = 0, damaged = 0 } = counts;
  const told = { ...counts, added: alone, failed: Math.max(0, failed - damaged) };
  const words = Object.entries(CHANGES).filter(([name]) => told[name]);
  return enumeration.format(words.map(([name, text]) => filled(text(told[name]), { count: number(told[name]) })));
};

// The summary of a scan, with its changes instead of the number of files. The payload has no counts
// if nothing changed; then only the text says how many files failed.
export const wordsOfSummary = ({ message_to_show: text, action_payload: payload }) =>
  wordsOfScan(text, payload?.counts ?? { failed: Number(/([0-9]+) failed\./.exec(text)?.[1] ?? 0) });

// The message of a scan. The reason of a failed scan stays, except that the option --allow-empty is
// replaced by the button that users have here.
export const wordsOfScan = (text, counts) => {
  const ending = /^Music library scan (completed|cancelled)\./.exec(text)?.[1];
  const outcome = { completed: gettext("Music library scan completed."), cancelled: gettext("Music library scan cancelled.") }[ending];
  const purged = /^Purged ([0-9,]+) /.exec(text)?.[1].replaceAll(",", "");
  if (purged) return filled(gettext("Missing tracks purged: %(count)s."), { count: number(purged) });
  if (!outcome) return gettext(text).replaceAll("scan with --allow-empty.", gettext("say so on the page “Scans”."));
  const kept = /([0-9]+) tracks were kept/.exec(text)?.[1];
  return [outcome, filled(gettext("%(changes)s."), { changes: changesOf(counts) || gettext("Nothing changed") }), kept && filled(gettext("Kept, since the disk seems to be away: %(tracks)s."), { tracks: counted(Number(kept), "track") })].filter(Boolean).join(" ");
};

export const UNKNOWN_ALBUM = gettext("Unknown album");
export const albumTitle = (title) => title || UNKNOWN_ALBUM;
export const albumArtist = (name) => name || gettext("Various Artists");
