// Numbers and lengths as people read them.

const HOUR = 3600;
const numbers = new Intl.NumberFormat("en");
const dates = new Intl.DateTimeFormat(undefined, { dateStyle: "medium" });
const moments = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });

export const number = (value) => numbers.format(value);

// "1 track", "20,000 tracks"
export const counted = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;

// "3:05", "1:02:03"; "" where the length is not known
export const clock = (seconds) => (seconds > 0 ? clockFromZero(seconds) : "");

export const clockFromZero = (seconds) => {
  const whole = Math.max(0, Math.floor(Number.isFinite(seconds) ? seconds : 0));
  const pad = (value) => String(value).padStart(2, "0");
  const minutes = Math.floor((whole % HOUR) / 60);
  const rest = pad(whole % 60);
  return whole >= HOUR ? `${Math.floor(whole / HOUR)}:${pad(minutes)}:${rest}` : `${minutes}:${rest}`;
};

// How long something took: "1 s", "3:05"
export const took = (seconds) => (seconds < 60 ? `${Math.max(1, Math.round(seconds))} s` : clockFromZero(seconds));

// "45 min", "3 h 12 min"
export const length = (seconds) => {
  const minutes = Math.max(1, Math.round(seconds / 60));
  return minutes < 60 ? `${minutes} min` : `${number(Math.floor(minutes / 60))} h ${minutes % 60} min`;
};

export const date = (text) => dates.format(new Date(text));
export const moment = (text) => moments.format(new Date(text));

export const UNKNOWN_ALBUM = "Unknown album";
export const albumTitle = (title) => title || UNKNOWN_ALBUM;
export const albumArtist = (name) => name || "Various or unknown artists";
