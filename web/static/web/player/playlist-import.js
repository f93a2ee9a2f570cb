// Imports a playlist file that the user chooses, and shows what the library does not have of it.

import { sendFile } from "./api.js";
import { element, tagText } from "./element.js";
import { openDialog } from "./name-dialog.js";
import { addressOf } from "./router.js";
import { filled, gettext, ngettext } from "./translation.js";
import { counted, number } from "./words.js";

const ENDINGS = ".m3u,.m3u8,.pls,.wpl,.xspf,.jspf,.json,.nsp,.csv,.tsv,.txt,audio/x-mpegurl,application/vnd.apple.mpegurl,application/xspf+xml";
const FILE = /\.(?:m3u8?|pls|wpl|xspf|jspf|json|nsp|csv|tsv)$/i;
const LARGEST_MB = 8;
const BYTES_OF_MB = 1024 * 1024;

export const chooseFileToImport = (playlists, toasts) => {
  const input = element("input", { type: "file", accept: ENDINGS, "aria-label": gettext("The playlist's file") });
  input.addEventListener("change", () => input.files[0] && importFile(input.files[0], playlists, toasts));
  input.click();
};

// Files of playlists were dropped onto the page, perhaps with others.
export const importDropped = (files, playlists, toasts) => {
  const found = files.filter(({ name }) => FILE.test(name));
  if (!found.length) toasts.show(gettext("The file of a playlist can be dropped here. Music comes into the library by its folder."), "info");
  for (const file of found) importFile(file, playlists, toasts);
};

export const importFile = async (file, playlists, toasts) => {
  if (file.size > LARGEST_MB * BYTES_OF_MB) {
    toasts.show(filled(gettext("“%(name)s” is larger than %(most)s MB, which is the most that a playlist's file may have."), { name: file.name, most: LARGEST_MB }), "error");
    return;
  }
  try {
    const name = file.name.replace(/\.[^.]+$/, "");
    const { playlist, found, not_found: notFound, not_found_count: missing } = await sendFile(`playlists/import?${new URLSearchParams({ name })}`, file);
    playlists.touched();
    tell({ playlist, found, notFound, missing }, playlists, toasts);
  } catch (error) {
    toasts.show(filled(gettext("“%(name)s” was not imported. %(why)s"), { name: file.name, why: error.message }), "error");
  }
};

const tell = ({ playlist, found, notFound, missing }, playlists, toasts) => {
  const href = addressOf("playlists", playlist.id);
  if (!notFound.length) {
    const text = playlist.is_smart ? gettext("“%(name)s” was imported. Its rules find %(tracks)s now.") : gettext("“%(name)s” was imported. It has %(tracks)s.");
    const tracks = counted(playlist.is_smart ? (playlist.entry_count ?? 0) : found, "track");
    toasts.show(filled(text, { name: playlist.name, tracks }), "success", () => playlists.remove(playlist.id), { label: gettext("Show it"), href });
    return;
  }
  const row = ({ position, title, artist, path }) =>
    element("li", { value: position }, tagText("text", [artist, title].filter(Boolean).join(" · ") || path), path ? element("code", { dir: "auto" }, path) : null);
  const dialog = openDialog(
    filled(gettext("“%(name)s” was imported"), { name: playlist.name }),
    element("p", {}, filled(ngettext("%(count)s of %(tracks)s is in the library. These are not; they stay in their places, and play as soon as the library has them:", "%(count)s of %(tracks)s are in the library. These are not; they stay in their places, and play as soon as the library has them:", found), { count: number(found), tracks: counted(found + missing, "track") })),
    element("ol", { class: "not-found", tabindex: "0", "aria-label": gettext("Not in the library") }, ...notFound.map(row)),
    missing > notFound.length ? element("p", {}, filled(gettext("and %(count)s more"), { count: number(missing - notFound.length) })) : null,
    element(
      "div",
      { class: "actions" },
      element("a", { class: "button", href, on: { click: () => dialog.close() } }, gettext("Show the playlist")),
      element("button", { type: "button", on: { click: () => dialog.close() } }, gettext("Close")),
    ),
  );
};
