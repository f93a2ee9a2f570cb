// The rules of a smart playlist as a form: groups of rules, each with a field, an operator and a
// value.

import { element, iconButton } from "./element.js";
import { operatorWords, valueFields } from "./rule-values.js";
import { gettext } from "./translation.js";

const DEEPEST = 6;
const FIRST_FIELD = "genre";

// `{ element, rules() }`. `fields`: those of `GET playlists/rules`. `playlists`: what rules may name.
// `changed()` is called after each change. `rules()` returns null while a value is absent.
export const makeGroup = (group, context, { depth = 1, remove = null } = {}) => {
  const { changed } = context;
  let parts = [];
  const isAny = "any" in group;
  const mode = element(
    "select",
    { "aria-label": gettext("How many of these rules have to be true"), on: { change: changed } },
    element("option", { value: "all", selected: !isAny }, gettext("all of these are true")),
    element("option", { value: "any", selected: isAny }, gettext("at least one of these is true")),
  );
  const list = element("ul", { class: "rules" });
  const add = (made) => {
    parts.push(made);
    list.append(made.element);
  };
  const take = (made) => {
    const next = made.element.nextElementSibling ?? made.element.previousElementSibling;
    parts = parts.filter((each) => each !== made);
    made.element.remove();
    (next ?? list.parentElement).querySelector("select, button")?.focus();
    changed();
  };
  const addPart = (part) => {
    let made;
    const own = { depth: depth + 1, remove: () => take(made) };
    made = "field" in part ? makeRule(part, context, own) : nested(part, context, own);
    add(made);
  };
  for (const part of group.any ?? group.all) addPart(part);
  const addRule = () => {
    addPart({ field: FIRST_FIELD, operator: "is" });
    parts.at(-1).element.querySelector("select").focus();
    changed();
  };
  const addGroup = () => {
    addPart({ any: [{ field: FIRST_FIELD, operator: "is" }] });
    parts.at(-1).element.querySelector("select").focus();
    changed();
  };
  const button = (label, act) => element("button", { type: "button", class: "small", on: { click: act } }, label);
  const made = element(
    "fieldset",
    { class: "rule-group" },
    element("legend", {}, depth === 1 ? gettext("A track belongs to it if") : gettext("if")),
    element("div", { class: "rule-head" }, mode, remove && iconButton("close", gettext("Take this group away"), remove)),
    list,
    element("div", { class: "rule-add" }, button(gettext("Add a rule"), addRule), depth < DEEPEST ? button(gettext("Add a group"), addGroup) : null),
  );
  const rules = () => {
    const given = parts.map((each) => each.rules());
    return given.length && given.every((each) => each !== null) ? { [mode.value]: given } : null;
  };
  return { element: made, rules };
};

const nested = (part, context, options) => {
  const group = makeGroup(part, context, options);
  return { element: element("li", {}, group.element), rules: group.rules };
};

const makeRule = (rule, { fields, playlists, changed }, { remove }) => {
  const options = fields.map(({ name, label }) => element("option", { value: name, selected: name === rule.field }, label));
  const field = element("select", { "aria-label": gettext("What") }, ...options);
  const operator = element("select", { "aria-label": gettext("How it compares") });
  const place = element("span", { class: "rule-value" });
  let value;
  const chosen = () => fields.find(({ name }) => name === field.value);
  const showValue = (given) => {
    value = valueFields(chosen(), operator.value, given, playlists);
    place.replaceChildren(...value.elements);
  };
  const showOperators = (wanted) => {
    operator.replaceChildren(...chosen().operators.map((each) => element("option", { value: each, selected: each === wanted }, operatorWords(each))));
  };
  showOperators(rule.operator);
  showValue(rule.value);
  field.addEventListener("change", () => {
    showOperators(operator.value);
    showValue();
    changed();
  });
  operator.addEventListener("change", () => {
    showValue(value.value() ?? undefined);
    changed();
  });
  place.addEventListener("input", changed);
  const made = element("li", { class: "rule" }, field, operator, place, iconButton("close", gettext("Take this rule away"), remove));
  const rules = () => {
    const given = value.value();
    return given === null ? null : { field: field.value, operator: operator.value, value: given };
  };
  return { element: made, rules };
};
