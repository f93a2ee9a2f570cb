// Creates DOM elements and icons, each in one expression.

const SVG = "http://www.w3.org/2000/svg";

// SVG paths on a canvas of 24 by 24, drawn in the colour of the surrounding text.
const ICONS = {
  add: "M3 6h12v2H3zm0 5h12v2H3zm0 5h8v2H3zm14-3h2v3h3v2h-3v3h-2v-3h-3v-2h3z",
  albums: "M12 2a10 10 0 1 0 0 20 10 10 0 0 0 0-20zm0 2a8 8 0 1 1 0 16 8 8 0 0 1 0-16zm0 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6z",
  artists: "M12 3a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zm0 2a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5zM4 21c0-4 3.5-7 8-7s8 3 8 7h-2c0-2.8-2.6-5-6-5s-6 2.2-6 5z",
  browse: "M3 3h9l9 9-9 9-9-9zm2 2v6.2l7 7 6.2-6.2-7-7zm3 1.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3z",
  check: "M9.6 18.4 3.2 12l1.4-1.4 5 5L19.4 5.8l1.4 1.4z",
  columns: "M3 4h18v16H3zm2 2v12h3V6zm5 0v12h4V6zm6 0v12h3V6z",
  close: "M5.6 4.2 12 10.6l6.4-6.4 1.4 1.4L13.4 12l6.4 6.4-1.4 1.4L12 13.4l-6.4 6.4-1.4-1.4L10.6 12 4.2 5.6z",
  composers: "M4 20h3l11-11-3-3L4 17zm12.4-15.4 3 3 1.2-1.2a1 1 0 0 0 0-1.4l-1.6-1.6a1 1 0 0 0-1.4 0zM11 18h9v2H9z",
  down: "M12 16.4 4.6 9 6 7.6l6 6 6-6L19.4 9z",
  drag: "M8 4h3v3H8zm5 0h3v3h-3zM8 10.5h3v3H8zm5 0h3v3h-3zM8 17h3v3H8zm5 0h3v3h-3z",
  edit: "M16.5 3.5l4 4L8 20H4v-4zm0 2.8L6 16.8V18h1.2L17.7 7.5z",
  folders: "M3 5h7l2 2h9v12H3zm2 4v8h14V9z",
  full: "M14 4h6v6h-2V7.4l-4.3 4.3-1.4-1.4L16.6 6H14zM4 14h2v2.6l4.3-4.3 1.4 1.4L7.4 18H10v2H4z",
  heart: "M12 21 4.2 13.2a5.2 5.2 0 0 1 7.4-7.4l.4.4.4-.4a5.2 5.2 0 0 1 7.4 7.4zM12 18.2l6.4-6.4a3.2 3.2 0 0 0-4.6-4.6L12 9l-1.8-1.8a3.2 3.2 0 0 0-4.6 4.6z",
  heartFull: "M12 21 4.2 13.2a5.2 5.2 0 0 1 7.4-7.4l.4.4.4-.4a5.2 5.2 0 0 1 7.4 7.4z",
  home: "M12 3 2.5 11.2l1.3 1.5L5 11.7V20h5.5v-5h3v5H19v-8.3l1.2 1 1.3-1.5zm0 2.6 5 4.3V18h-1.5v-5h-7v5H7V9.9z",
  lyrics: "M4 5h16v2H4zm0 4h10v2H4zm0 4h16v2H4zm0 4h10v2H4z",
  menu: "M10.5 4h3v3h-3zm0 6.5h3v3h-3zm0 6.5h3v3h-3z",
  more: "M4 6h16v2H4zm0 5h16v2H4zm0 5h16v2H4z",
  muted: "M3 9v6h4l5 5V4L7 9zm7-.2v6.4L7.8 13H5v-2h2.8zM15.6 8.2 18 10.6l2.4-2.4 1.4 1.4L19.4 12l2.4 2.4-1.4 1.4-2.4-2.4-2.4 2.4-1.4-1.4 2.4-2.4-2.4-2.4z",
  next: "M5 5l10 7-10 7zm11 0h3v14h-3z",
  pause: "M6 5h4.5v14H6zm7.5 0H18v14h-4.5z",
  play: "M7 4.5v15l12-7.5z",
  playlists: "M3 5h12v2H3zm0 5h10v2H3zm0 5h7v2H3zm13-5v6.2a3 3 0 1 0 2 2.8v-7h3v-2z",
  previous: "M19 5v14L9 12zM5 5h3v14H5z",
  queue: "M3 5h18v2H3zm0 5h12v2H3zm0 5h9v2H3zm13-2v8l6-4z",
  radio: "M17.5 2.5 8 7H3v13h18V7h-8.3l5.6-2.7zM5 9h14v9H5zm3 1.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zm5 1h4v2h-4zm0 3h4v2h-4z",
  repeat: "M7 7h10v3l4-4-4-4v3H5v7h2zm10 10H7v-3l-4 4 4 4v-3h12v-7h-2z",
  repeatOne: "M7 7h10v3l4-4-4-4v3H5v7h2zm10 10H7v-3l-4 4 4 4v-3h12v-7h-2zm-4.2-2V9h-1.3l-2 1v1.2l1.8-.5V15z",
  scans: "M12 4V1L8 5l4 4V6a6 6 0 0 1 5.6 8.2l1.5 1.5A8 8 0 0 0 12 4zm0 14a6 6 0 0 1-5.6-8.2L4.9 8.3A8 8 0 0 0 12 20v3l4-4-4-4z",
  search: "M10 3a7 7 0 1 0 4.2 12.6l5 5 1.4-1.4-5-5A7 7 0 0 0 10 3zm0 2a5 5 0 1 1 0 10 5 5 0 0 1 0-10z",
  shuffle: "M16 3l4 4-4 4V8h-2.2l-2.2 3-1.3-1.7L12.8 6H16zM4 6h4.2l8 10H16v-3l4 4-4 4v-3h-.8L7.2 8H4zm4.4 6.7 1.3 1.7L7.2 18H4v-2h2.2z",
  sleep: "M20.5 14.6A8.6 8.6 0 0 1 9.4 3.5a8.6 8.6 0 1 0 11.1 11.1zm-8.6 4.3a6.6 6.6 0 0 1-5-10.9 8.6 8.6 0 0 0 9 9 6.6 6.6 0 0 1-4 1.9z",
  smart: "M3 5h12v2H3zm0 5h8v2H3zm0 5h6v2H3zm14-6 1.4 3.6L22 14l-3.6 1.4L17 19l-1.4-3.6L12 14l3.6-1.4z",
  star: "M12 3l2.7 5.9 6.3.7-4.7 4.3 1.3 6.3L12 17l-5.6 3.2 1.3-6.3L3 9.6l6.3-.7z",
  target: "M11 1h2v3.1A8 8 0 0 1 19.9 11H23v2h-3.1a8 8 0 0 1-6.9 6.9V23h-2v-3.1A8 8 0 0 1 4.1 13H1v-2h3.1A8 8 0 0 1 11 4.1zm1 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zm0 3.5a2.5 2.5 0 1 1 0 5 2.5 2.5 0 0 1 0-5z",
  tracks: "M9 4v11.2A3.5 3.5 0 1 0 11 18.3V8h7V4z",
  volume: "M3 9v6h4l5 5V4L7 9zm7-.2v6.4L7.8 13H5v-2h2.8zM14.5 8a5 5 0 0 1 0 8v-2.3a3 3 0 0 0 0-3.4zm0-4.2a9 9 0 0 1 0 16.4V18a7 7 0 0 0 0-12z",
};

// `element("a", { href: "/", class: "x", "aria-label": "y", on: { click } }, "text", child)`
export const element = (tag, attributes = {}, ...children) => {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "on") for (const [type, listen] of Object.entries(value)) made.addEventListener(type, listen);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
};

export const icon = (name) => {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  svg.append(document.createElementNS(SVG, "path"));
  setIcon(svg, name);
  return svg;
};

export const setIcon = (svg, name) => {
  if (svg.dataset.icon === name) return;
  svg.dataset.icon = name;
  svg.firstElementChild.setAttribute("d", ICONS[name]);
};

// Replaces the placeholders of the page, such as `<i data-icon="play">`, by icons.
export const drawIcons = (root) => {
  for (const place of root.querySelectorAll("i[data-icon]")) place.replaceWith(icon(place.dataset.icon));
};

// A button with an icon. `label` is its name for screen readers and its tooltip.
export const iconButton = (name, label, listen, attributes = {}) =>
  element(
    "button",
    { type: "button", class: "icon-button", "aria-label": label, title: label, on: { click: listen }, ...attributes },
    icon(name),
  );

// An element for a text from tags, laid out in the writing direction of the text itself. A browser that translates
// the page leaves names as they are.
export const tagText = (name, text = "") => element("span", { class: name, dir: "auto", translate: "no" }, text);

// The parts of a line such as "6 albums · 35 tracks · 2 h 39 min", which breaks only between them.
export const unbroken = (parts) =>
  parts.filter(Boolean).flatMap((part, at) => [...(at ? [" · "] : []), element("span", { class: "unbroken" }, part)]);
