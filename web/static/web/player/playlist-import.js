// Imports a playlist file that the user chooses, and shows what the library does not have of it.

import { sendFile } from "./api.js";
import { element, tagText } from "./element.js";
import { openDialog } from "./name-dialog.js";
import { addressOf } from "./router.js";
import { counted, number } from "./words.js";

const ENDINGS = ".m3u,.m3u8,.xspf,.jspf,.json,.nsp,audio/x-mpegurl,application/vnd.apple.mpegurl,application/xspf+xml";
const LARGEST_MB = 8;
const BYTES_OF_MB = 1024 * 1024;

export const chooseFileToImport = (playlists, toasts) => {
  const input = element("input", { type: "file", accept: ENDINGS, "aria-label": "The playlist's file" });
  input.addEventListener("change", () => input.files[0] && importFile(input.files[0], playlists, toasts));
  input.click();
};

export const importFile = async (file, playlists, toasts) => {
  if (file.size > LARGEST_MB * BYTES_OF_MB) {
    toasts.show(`“${file.name}” is larger than ${LARGEST_MB} MB, which is the most that a playlist's file may have.`, "error");
    return;
  }
  try {
    const name = file.name.replace(/\.[^.]+$/, "");
    const { playlist, found, not_found: notFound, not_found_count: missing } = await sendFile(`playlists/import?${new URLSearchParams({ name })}`, file);
    playlists.touched();
    tell({ playlist, found, notFound, missing }, playlists, toasts);
  } catch (error) {
    toasts.show(`“${file.name}” was not imported. ${error.message}`, "error");
  }
};

const tell = ({ playlist, found, notFound, missing }, playlists, toasts) => {
  const href = addressOf("playlists", playlist.id);
  if (!notFound.length) {
    const tracks = playlist.is_smart ? `Its rules find ${counted(playlist.entry_count ?? 0, "track")} now.` : `It has ${counted(found, "track")}.`;
    toasts.show(`“${playlist.name}” was imported. ${tracks}`, "success", () => playlists.remove(playlist.id), { label: "Show it", href });
    return;
  }
  const row = ({ position, title, artist, path }) =>
    element("li", { value: position }, tagText("text", [artist, title].filter(Boolean).join(" · ") || path), path ? element("code", { dir: "auto" }, path) : null);
  const dialog = openDialog(
    `“${playlist.name}” was imported`,
    element("p", {}, `${number(found)} of ${counted(found + missing, "track")} ${found === 1 ? "is" : "are"} in the library. These are not; they stay in their places, and play as soon as the library has them:`),
    element("ol", { class: "not-found", tabindex: "0", "aria-label": "Not in the library" }, ...notFound.map(row)),
    missing > notFound.length ? element("p", {}, `and ${number(missing - notFound.length)} more`) : null,
    element(
      "div",
      { class: "actions" },
      element("a", { class: "button", href, on: { click: () => dialog.close() } }, "Show the playlist"),
      element("button", { type: "button", on: { click: () => dialog.close() } }, "Close"),
    ),
  );
};
