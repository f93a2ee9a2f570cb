// Formats numbers, durations, dates and the summaries of scans for people.

import { filled, ngettext } from "./translation.js";

const HOUR = 3600;
const numbers = new Intl.NumberFormat("en");
const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const moments = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export const number = (value) => numbers.format(value);

// "1 track", "20,000 tracks"
export const counted = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

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
export const took = (seconds) => (seconds < 60 ? `${Math.max(1, Math.round(seconds))} s` : clockFromZero(seconds));

// "45 min", "3 h 12 min"
export const length = (seconds) => {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return minutes < 60 ? `${minutes} min` : `${number(Math.floor(minutes / 60))} h ${minutes % 60} min`;
};

export const date = (text) => dates.format(new Date(text));
export const moment = (text) => moments.format(new Date(text));

const days = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const daysOfThisYear = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });
const times = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });

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
  return [counted(count, "play"), last && `last on ${date(last)}`].filter(Boolean).join(", ");
};

// What scans and days change, in the order in which it is told.
const CHANGES = {
  albums: (count) => ngettext("%(count)s new album", "%(count)s new albums", count),
  added: (count) => ngettext("%(count)s track added", "%(count)s tracks added", count),
  updated: (count) => ngettext("%(count)s track updated", "%(count)s tracks updated", count),
  moved: (count) => ngettext("%(count)s track moved", "%(count)s tracks moved", count),
  restored: (count) => ngettext("%(count)s track came back", "%(count)s tracks came back", count),
  joined: (count) => ngettext("%(count)s track joined with a copy", "%(count)s tracks joined with copies", count),
  missing: (count) => ngettext("%(count)s track missing", "%(count)s tracks missing", count),
  damaged: (count) => ngettext("%(count)s file damaged", "%(count)s files damaged", count),
  failed: (count) => ngettext("%(count)s file could not be read", "%(count)s files could not be read", count),
};
const enumeration = new Intl.ListFormat("en", { type: "unit" });

// The changes of a scan or a day, such as "3 tracks added, 1 track missing"; "" without any.
export const changesOf = (counts) =>
  enumeration.format(
    Object.entries(CHANGES)
      .filter(([name]) => counts[name])
      .map(([name, words]) => filled(words(counts[name]), { count: number(counts[name]) })),
  );

// The summary of a scan, with its changes instead of the number of files. The payload has no counts
// if nothing changed; then only the text says how many files failed.
export const wordsOfSummary = ({ message_to_show: text, action_payload: payload }) =>
  wordsOfScan(text, payload?.counts ?? { failed: Number(/([0-9]+) failed\./.exec(text)?.[1] ?? 0) });

// The message of a scan. The reason of a failed scan stays, except that the option --allow-empty is
// replaced by the button that users have here.
export const wordsOfScan = (text, counts) => {
  const outcome = /^Music library scan (?:completed|cancelled)\./.exec(text)?.[0];
  if (!outcome) return text.replaceAll("scan with --allow-empty.", "say so on the page “Scans”.");
  const kept = /[0-9]+ tracks were kept: [^.]+\./.exec(text)?.[0];
  return [outcome, `${changesOf(counts) || "Nothing changed"}.`, kept].filter(Boolean).join(" ");
};

export const UNKNOWN_ALBUM = "Unknown album";
export const albumTitle = (title) => title || UNKNOWN_ALBUM;
export const albumArtist = (name) => name || "Various Artists";
