// Messages that a view shows instead of a list: it is empty, nothing was found, or loading failed.

import { get } from "../api.js";
import { element } from "../element.js";
import { addressOf } from "../router.js";
import { gettext } from "../translation.js";
import { counted } from "../words.js";

// `heading`: "h1" if the message is the whole view.
export const message = (title, content, heading = "h2") =>
  element("div", { class: "state", role: "status" }, element(heading, {}, title), ...content.filter(Boolean));

export const failure = (what, error, retry, heading = "h2") =>
  element(
    "div",
    { class: "state", role: "alert" },
    element(heading, {}, `${what} could not be loaded`),
    element("p", {}, error.message),
    element("button", { type: "button", on: { click: retry } }, "Try again"),
  );

// `query` is empty if not a search but a filter has no results.
// `isOfList`: whether not everything was searched.
export const nothingFound = (query, clear, isOfList = true) =>
  message("Nothing found", [
    query
      ? element("p", {}, "Nothing here has ", element("q", { dir: "auto" }, query), " in it.")
      : element("p", {}, "Nothing fits the filters."),
    element("button", { type: "button", on: { click: clear } }, query ? "Clear the search" : "Show all"),
    query && isOfList && element("a", { href: addressOf("search", null, { q: query }) }, gettext("Search everything")),
  ]);

const noneNamed = (noun, trackCount) =>
  message(`No ${noun}s`, [
    element("p", {}, `${counted(trackCount, "track")} in the library, and none names ${/^[aeiou]/.test(noun) ? "an" : "a"} ${noun}.`),
    element("a", { href: addressOf("tracks") }, "Show all tracks"),
  ]);

// For an empty list of `noun`s. In an empty library: the music folders and their problems, and the status of scans.
export const emptyLibrary = async (scanStatus, noun) => {
  const { body } = await get("library");
  if (noun !== "track" && body.track_count) return noneNamed(noun, body.track_count);
  const folders = body.folders.map(({ path, problem }) =>
    element(
      "li",
      {},
      element("code", { dir: "auto" }, path),
      element("strong", { class: problem ? "problem" : "" }, problem || "can be read"),
    ),
  );
  const missing = body.missing_count
    ? element("p", {}, `${counted(body.missing_count, "track")} had no file at the last scan; tracks come back with their files.`)
    : null;
  return element(
    "div",
    { class: "state is-wide" },
    element("h2", {}, body.missing_count ? "No tracks at the moment" : "No tracks yet"),
    element("p", {}, "mus looks for music here:"),
    element("ul", { class: "folders" }, ...folders),
    missing,
    element("p", {}, "Another folder is chosen with ", element("code", {}, "MUSIC_DIR"), " when the server is started."),
    scanStatus.makePanel(),
  );
};
