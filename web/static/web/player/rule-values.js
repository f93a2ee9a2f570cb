// The fields of a form in which the value of one rule of a smart playlist is given.

import { element } from "./element.js";
import { filled, gettext } from "./translation.js";

// What an operator is called. `date`: where dates are called otherwise than numbers.
const OPERATORS = {
  is: gettext("is"),
  is_not: gettext("is not"),
  contains: gettext("contains"),
  not_contains: gettext("does not contain"),
  starts_with: gettext("begins with"),
  ends_with: gettext("ends with"),
  greater_than: gettext("is more than"),
  less_than: gettext("is less than"),
  in_range: gettext("is between"),
  before: gettext("is before"),
  after: gettext("is after"),
  in_last: gettext("is in the last"),
  not_in_last: gettext("is not in the last"),
  is_missing: gettext("is known"),
  in: gettext("has the track"),
  not_in: gettext("does not have the track"),
  matches: gettext("matches"),
  not_matches: gettext("does not match"),
};

export const operatorWords = (operator) => OPERATORS[operator] ?? operator;

const DAYS = new Set(["in_last", "not_in_last"]);

// `{ elements, value() }` for the value of a rule. `value`: what it is so far; undefined for a new
// rule. `playlists`: what a rule about playlists may name. `value()` returns null if it is not complete.
export const valueFields = ({ kind, unit, label }, operator, value, playlists) => {
  if (operator === "is_missing") return choice(label, { false: gettext("yes"), true: gettext("no") }, String(value ?? false), (chosen) => chosen === "true");
  if (kind === "flag") return choice(label, { true: gettext("yes"), false: gettext("no") }, String(value ?? true), (chosen) => chosen === "true");
  if (kind === "playlist") {
    const names = Object.fromEntries(playlists.map(({ id, name }) => [id, name]));
    return choice(label, names, String(value ?? ""), Number);
  }
  if (DAYS.has(operator)) return inputs(label, [value ?? 30], { type: "number", min: 1, step: 1 }, Number, gettext("days"));
  const input = { number: { type: "number", step: "any" }, date: { type: "date" } }[kind] ?? { type: "text", maxlength: 1000, dir: "auto" };
  const parse = kind === "number" ? Number : String;
  const values = operator === "in_range" ? [].concat(value ?? ["", ""]) : [Array.isArray(value) ? value[0] : (value ?? "")];
  const given = operator === "in_range" ? [values[0], values[1] ?? values[0]] : values;
  return inputs(label, given, input, parse, unit);
};

const choice = (label, choices, chosen, parse) => {
  const options = Object.entries(choices).map(([value, name]) => element("option", { value, selected: value === chosen }, name));
  const select = element("select", { "aria-label": filled(gettext("%(label)s: value"), { label }) }, ...options);
  return { elements: [select], value: () => (select.value === "" ? null : parse(select.value)) };
};

const inputs = (label, values, attributes, parse, unit) => {
  const names = values.length > 1 ? [gettext("%(label)s: from"), gettext("%(label)s: to")] : [gettext("%(label)s: value")];
  const made = values.map((value, at) => element("input", { ...attributes, value, required: true, "aria-label": filled(names[at], { label }), autocomplete: "off" }));
  const [first, ...others] = made;
  const elements = [first, ...others.flatMap((each) => [element("span", {}, gettext("and")), each])];
  if (unit) elements.push(element("span", { class: "unit" }, unit));
  const value = () => {
    if (made.some((each) => !each.value.trim() || !each.validity.valid)) return null;
    const parsed = made.map((each) => parse(each.value));
    return parsed.length > 1 ? parsed : parsed[0];
  };
  return { elements, value };
};
