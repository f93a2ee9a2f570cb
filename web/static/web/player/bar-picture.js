// Draws numbers as bars, as an SVG without styles of its own, so that the strict policy of the page
// allows it. The numbers also stand in a table, which people can open.

import { element } from "./element.js";
import { gettext } from "./translation.js";

const SVG = "http://www.w3.org/2000/svg";
const STEP = 10;
const WIDTH = 8;
const HEIGHT = 100;
const LEAST = 1; // so that little can be told from nothing

const drawn = (tag, attributes, ...children) => {
  const made = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
};

const hint = (text) => {
  const made = document.createElementNS(SVG, "title");
  made.textContent = text;
  return made;
};

// Each column takes a pointer over its whole height, to show what it is.
const column = ({ name, value, text }, at, most) => {
  const height = value ? Math.max(LEAST, (value / most) * HEIGHT) : 0;
  return drawn(
    "g",
    {},
    hint(`${name}: ${text}`),
    drawn("rect", { class: "column", x: at * STEP, y: 0, width: STEP, height: HEIGHT }),
    drawn("rect", { class: "bar-of", x: at * STEP + (STEP - WIDTH) / 2, y: HEIGHT - height, width: WIDTH, height }),
  );
};

// `bars`: `{ name, value, text, cells }`; `cells` are those of its row in the table, after its name.
// `columns`: the heads of the table. `marks`: what stands below the picture, from left to right.
export const barPicture = ({ label, note, bars, columns, marks }) => {
  const most = Math.max(...bars.map(({ value }) => value), 0) || 1;
  const picture = drawn(
    "svg",
    { viewBox: `0 0 ${bars.length * STEP} ${HEIGHT}`, preserveAspectRatio: "none", role: "img", "aria-label": `${label}. ${note}`, class: "bars" },
    ...bars.map((each, at) => column(each, at, most)),
  );
  const axis = element("div", { class: "axis", "aria-hidden": "true" }, ...marks.map((mark) => element("span", {}, mark)));
  return element("figure", { class: "picture" }, picture, axis, element("figcaption", { class: "count" }, note), tableOf(label, bars, columns));
};

const tableOf = (label, bars, columns) => {
  const rows = bars.map(({ name, cells }) => element("tr", {}, element("th", { scope: "row" }, name), ...cells.map((cell) => element("td", {}, cell))));
  const head = element("tr", {}, ...columns.map((name) => element("th", { scope: "col" }, name)));
  return element(
    "details",
    {},
    element("summary", {}, gettext("As a table"), element("span", { class: "unseen" }, `: ${label}`)),
    element("table", { "aria-label": label }, element("thead", {}, head), element("tbody", {}, ...rows)),
  );
};
