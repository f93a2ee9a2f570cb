// Says in words what keeping offline takes, and how far it is.

import { filled, gettext, ngettext, numberLanguage } from "./translation.js";
import { number } from "./words.js";

const UNITS = [
  [1e9, "gigabyte"],
  [1e6, "megabyte"],
  [1e3, "kilobyte"],
];

// "1.2 GB", "312 MB"
export const sizeInWords = (bytes) => {
  const [unit, name] = UNITS.find(([least]) => bytes >= least) ?? UNITS.at(-1);
  const value = bytes / unit;
  return new Intl.NumberFormat(numberLanguage, { style: "unit", unit: name, maximumFractionDigits: value < 10 && unit > 1e6 ? 1 : 0 }).format(value);
};

export const tracksInWords = (count) => filled(ngettext("%(number)s track", "%(number)s tracks", count), { number: number(count) });

// How far a set is. `state`: of Keeper.stateOf.
export const stateInWords = ({ have, failed, total, bytes }, obstacle = "") => {
  const values = { tracks: tracksInWords(total), have: number(have), total: number(total), failed: number(failed), size: sizeInWords(bytes) };
  if (have === total) return filled(gettext("%(tracks)s, %(size)s"), values);
  if (have + failed === total) return filled(gettext("%(have)s of %(tracks)s, %(size)s. %(failed)s could not be loaded."), values);
  if (obstacle) return filled(gettext("Stopped: %(have)s of %(tracks)s, %(size)s"), values);
  return filled(gettext("Loading: %(have)s of %(tracks)s, %(size)s"), values);
};
