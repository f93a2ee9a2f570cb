// Which days a period of the statistics has. Its name stands in the address: "week", "month" and
// "year" are those of today, "all" has no limits, and "2026" and "2026-03" are chosen.

const CHOSEN = /^((?:19|20)[0-9]{2})(?:-(0[1-9]|1[0-2]))?$/;

export const USUAL = "year";

export const dayText = (day) =>
  [String(day.getFullYear()).padStart(4, "0"), ...[day.getMonth() + 1, day.getDate()].map((part) => String(part).padStart(2, "0"))].join("-");

// A day such as "2026-03-01" as the Date of its midnight in the browser's time zone.
export const dayOf = (text) => {
  const [year, month, day] = text.split("-").map(Number);
  return new Date(year, month - 1, day);
};

// `{ name, from, until }`; `until` is the day after the last one. Both are Dates, and null for "all".
// A name that is none means the year.
export const periodOf = (name, today) => {
  const [year, month, day] = [today.getFullYear(), today.getMonth(), today.getDate()];
  const chosen = CHOSEN.exec(name ?? "");
  if (name === "all") return { name, from: null, until: null };
  if (name === "month") return { name, from: new Date(year, month, 1), until: new Date(year, month + 1, 1) };
  if (name === "week") {
    const monday = day - ((today.getDay() + 6) % 7);
    return { name, from: new Date(year, month, monday), until: new Date(year, month, monday + 7) };
  }
  if (!chosen) return { name: USUAL, from: new Date(year, 0, 1), until: new Date(year + 1, 0, 1) };
  const [first, of] = [Number(chosen[1]), chosen[2] ? Number(chosen[2]) - 1 : null];
  if (of === null) return { name, from: new Date(first, 0, 1), until: new Date(first + 1, 0, 1) };
  return { name, from: new Date(first, of, 1), until: new Date(first, of + 1, 1) };
};

// The year and the month (1 to 12) that are chosen, for the two fields; 0 where none is.
export const chosenIn = (name) => {
  const chosen = CHOSEN.exec(name ?? "");
  return { year: Number(chosen?.[1] ?? 0), month: Number(chosen?.[2] ?? 0) };
};

export const nameOfChosen = (year, month) => (month ? `${year}-${String(month).padStart(2, "0")}` : String(year));
