// The dialog in which a smart playlist is made and changed: its name, its rules, order and limits,
// and beside them what it would hold now.

import { get, send } from "./api.js";
import { element } from "./element.js";
import { layers } from "./layers.js";
import { openDialog } from "./name-dialog.js";
import { makeGroup } from "./rule-editor.js";
import { filled, filledWith, gettext } from "./translation.js";
import { counted, length } from "./words.js";

const PREVIEW_MS = 300;
const SHOWN = 5;
const NEW_RULES = { all: [{ field: "genre", operator: "is" }] };

let asked = null;
const ruleFields = () => (asked ??= get("playlists/rules").catch((error) => ((asked = null), Promise.reject(error))));

// `save({ name, rules })` may be slow and may fail: then the dialog stays, with the reason.
// `notices`: sentences about what the rules cannot say.
export const editRules = async ({ title, name = "", rules = NEW_RULES, notices = [], button = gettext("Save"), playlists, save }) => {
  const [{ body }] = await Promise.all([ruleFields(), playlists.want()]);
  const { sort = [], limit = "", limit_minutes: minutes = "", ...group } = rules;
  let timer;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => preview.show(given()), PREVIEW_MS);
  };
  const context = { fields: body.fields, playlists: (playlists.all ?? []).filter((each) => !each.is_smart), changed };
  const groups = makeGroup(group, context);
  const order = makeOrder(body, sort);
  const most = numberField(gettext("At most tracks"), limit);
  const longest = numberField(gettext("At most minutes"), minutes);
  const preview = new Preview();
  const named = element("input", { id: "smart-name", value: name, maxlength: 500, required: true, autocomplete: "off", dir: "auto" });
  const problem = element("p", { class: "problem", role: "alert" });
  const submit = element("button", { type: "submit", class: "primary" }, button);
  const given = () => {
    const found = groups.rules();
    if (!found) return null;
    const limits = { limit: Number(most.input.value) || null, limit_minutes: Number(longest.input.value) || null };
    return Object.fromEntries(Object.entries({ ...found, sort: order.sort(), ...limits }).filter(([, value]) => value !== null));
  };
  const act = async (event) => {
    event.preventDefault();
    const wanted = given();
    if (!wanted) problem.textContent = gettext("A rule has no value yet.");
    if (!wanted || !named.value.trim()) return;
    submit.disabled = true;
    try {
      await save({ name: named.value.trim(), rules: wanted });
      dialog.close();
    } catch (error) {
      problem.textContent = error.message;
      submit.disabled = false;
    }
  };
  const form = element(
    "form",
    { class: "smart-form", on: { submit: act, input: changed, change: changed } },
    element("div", { class: "field" }, element("label", { for: "smart-name" }, gettext("Name")), named),
    ...notices.map((words) => element("p", { class: "smart-notice" }, words)),
    groups.element,
    element("div", { class: "smart-order" }, order.element, most.element, longest.element),
    preview.element,
    problem,
    element("div", { class: "actions" }, submit, element("button", { type: "button", on: { click: () => dialog.close() } }, gettext("Cancel"))),
  );
  const dialog = openDialog(title, form);
  dialog.classList.add("smart-dialog");
  dialog.addEventListener("close", () => clearTimeout(timer));
  preview.show(given());
  named.select();
};

// Which field it is sorted by. An order by several fields, such as one from a file, is kept as long
// as nobody chooses another.
const makeOrder = ({ fields, sorts }, sort) => {
  const labels = Object.fromEntries(fields.map(({ name, label }) => [name, label]));
  const first = (sort[0] ?? "").replace(/^-/, "");
  const option = (value, label) => element("option", { value, selected: value === first }, label);
  const field = element("select", {}, option("", gettext("Artist and album")), ...sorts.map((each) => option(each, each === "random" ? gettext("Random, another order each day") : labels[each])));
  const direction = element("select", { "aria-label": gettext("Direction") }, element("option", { value: "" }, gettext("upwards")), element("option", { value: "-", selected: sort[0]?.startsWith("-") }, gettext("downwards")));
  let isChosen = false;
  const choose = () => {
    isChosen = true;
    direction.hidden = !field.value || field.value === "random";
  };
  for (const each of [field, direction]) each.addEventListener("change", choose);
  direction.hidden = !first || first === "random";
  const chosen = () => (field.value ? [`${direction.hidden ? "" : direction.value}${field.value}`] : null);
  return {
    element: element("div", { class: "field" }, element("label", {}, ...filledWith(gettext("Sorted by %(field)s"), { field })), direction),
    sort: () => (isChosen || !sort.length ? chosen() : sort),
  };
};

const numberField = (label, value) => {
  const input = element("input", { type: "number", min: 1, step: 1, value, placeholder: gettext("no limit") });
  return { input, element: element("label", { class: "field" }, label, input) };
};

// What the rules find now.
class Preview {
  element = element("div", { class: "preview", role: "status" });

  async show(rules) {
    this.latest = rules;
    if (!rules) {
      this.element.textContent = gettext("Give each rule a value to see what it finds.");
      return;
    }
    try {
      const found = await send("POST", "playlists/preview", { rules, limit: SHOWN });
      if (this.latest !== rules) return;
      const names = found.results.map((track) => element("li", { dir: "auto", translate: "no" }, `${track.title} · ${track.artist}`));
      const words = found.count ? filled(gettext("%(tracks)s, %(time)s"), { tracks: counted(found.count, "track"), time: length(found.duration_s) }) : gettext("No track fits these rules now.");
      const more = found.count > SHOWN ? element("li", {}, "…") : "";
      this.element.replaceChildren(element("p", {}, words), element("ol", {}, ...names, more));
    } catch (error) {
      if (this.latest === rules) this.element.textContent = error.message;
    }
  }
}

// Make a smart playlist and show it. `rules`: of a search that is kept.
export const makeSmart = (acts, { name = "", rules = NEW_RULES, notices } = {}) =>
  editRules({
    title: gettext("New smart playlist"),
    name,
    rules,
    notices,
    button: gettext("Make it"),
    playlists: acts.playlists,
    save: async (fields) => {
      const made = await acts.playlists.make(fields);
      await layers.leave();
      acts.showPlaylist(made.id);
    },
  });

const FILTER_RULES = {
  genre: (value) => ({ field: "genre", operator: "is", value }),
  year: (value) => yearsRule(value),
  favourite: (value) => ({ field: "favourite", operator: "is", value: value === "true" }),
  rating: (value) => ratingRule(value),
};

const yearsRule = (text) => {
  const [first, last] = text.includes("-") ? text.split("-") : [text, text];
  return { field: "year", operator: "in_range", value: [Number(first || 0), Number(last || 9999)] };
};

const ratingRule = (text) => {
  const [lowest, highest] = text.split("-").map(Number);
  return { field: "rating", operator: "in_range", value: [lowest, highest ?? lowest] };
};

// Filters whose value is the id of a row: the field that names it.
const NAMED_RULES = { artist: "artist", composer: "composer", label: "label", genre_id: "genre", album: "album" };
const SORTS = { title: "title", artist: "artist", album: "album", added: "added_at", year: "year", duration: "duration_s", favourited: "favourited_at", rating: "rating", plays: "play_count", played: "last_played_at" };

// The rules that find what a list with these filters and this order shows. `names`: of the filters
// that are ids, what these are called. `searched`: the rules of the search.
export const rulesOf = (filters, sort, names, searched = []) => {
  const ofFilters = Object.entries(filters).flatMap(([filter, value]) => {
    if (filter in FILTER_RULES) return [FILTER_RULES[filter](value)];
    return names[filter] ? [{ field: NAMED_RULES[filter], operator: "is", value: names[filter] }] : [];
  });
  const rules = [...searched, ...ofFilters];
  if (!rules.length) return NEW_RULES;
  const own = SORTS[sort.replace(/^-/, "")];
  return { all: rules, ...(own && sort !== "artist" && { sort: [sort.startsWith("-") ? `-${own}` : own] }) };
};
