// Messages that a view shows instead of a list: it is empty, nothing was found, or loading failed.

import { get } from "../api.js";
import { element } from "../element.js";
import { addressOf } from "../router.js";
import { filled, filledWith, gettext } from "../translation.js";
import { counted, severalOf, withArticle } from "../words.js";

// `heading`: "h1" if the message is the whole view.
export const message = (title, content, heading = "h2") =>
  element("div", { class: "state", role: "status" }, element(heading, {}, title), ...content.filter(Boolean));

export const failure = (what, error, retry, heading = "h2") =>
  element(
    "div",
    { class: "state", role: "alert" },
    element(heading, {}, filled(gettext("%(what)s could not be loaded"), { what })),
    element("p", {}, error.message),
    element("button", { type: "button", on: { click: retry } }, gettext("Try again")),
  );

// `query` is empty if not a search but a filter has no results.
// `isOfList`: whether not everything was searched.
export const nothingFound = (query, clear, isOfList = true) =>
  message(gettext("Nothing found"), [
    query
      ? element("p", {}, ...filledWith(gettext("Nothing here has %(query)s in it."), { query: element("q", { dir: "auto" }, query) }))
      : element("p", {}, gettext("Nothing fits the filters.")),
    element("button", { type: "button", on: { click: clear } }, query ? gettext("Clear the search") : gettext("Show all")),
    isOfList ? query && elsewhere(query, gettext("Search everything")) : !OPERATOR.test(query) && elsewhere(`path:"${query}"`, gettext("Search the names of files")),
  ]);

const OPERATOR = /"|\w:/; // a search that already says where to look
const elsewhere = (q, text) => element("a", { href: addressOf("search", null, { q }) }, text);

const noneNamed = (noun, trackCount) =>
  message(filled(gettext("No %(things)s"), { things: severalOf(noun) }), [
    element("p", {}, filled(gettext("%(tracks)s in the library, and none names %(thing)s."), { tracks: counted(trackCount, "track"), thing: withArticle(noun) })),
    element("a", { href: addressOf("tracks") }, gettext("Show all tracks")),
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
      element("strong", { class: problem ? "problem" : "" }, problem || gettext("can be read")),
    ),
  );
  const missing = body.missing_count
    ? element("p", {}, filled(gettext("%(tracks)s had no file at the last scan; tracks come back with their files."), { tracks: counted(body.missing_count, "track") }))
    : null;
  return element(
    "div",
    { class: "state is-wide" },
    element("h2", {}, body.missing_count ? gettext("No tracks at the moment") : gettext("No tracks yet")),
    element("p", {}, gettext("mus looks for music here:")),
    element("ul", { class: "folders" }, ...folders),
    missing,
    element("p", {}, ...filledWith(gettext("Another folder is chosen with %(setting)s when the server is started."), { setting: element("code", {}, "MUSIC_DIR") })),
    scanStatus.makePanel(),
  );
};
