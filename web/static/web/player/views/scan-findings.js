// Findings of a scan: folders that hold no music any more, and the files and folders it ignored.

import { element } from "../element.js";
import { filled, gettext } from "../translation.js";
import { counted, number } from "../words.js";

// The texts for the rules that the API names in `ignored`.
const RULES = {
  hidden_folders: gettext("Hidden folders (named with a dot and a letter)"),
  hidden_files: gettext("Hidden files (named with a dot and a letter)"),
  apple_double_files: gettext("AppleDouble files (named ._*), which macOS writes beside others"),
  system_folders: gettext("Recycle bins, snapshots and other system folders"),
  known_links: gettext("Links to files and folders that are found without them"),
  broken_links: gettext("Links to files that do not exist"),
  special_files: gettext("Pipes, sockets and devices"),
};

// `scanAgain()` starts a scan that accepts the empty folders.
export const emptiedFolders = (folders, scanAgain) => {
  if (!folders.length) return [];
  const rows = folders.map(({ path, tracks }) => element("li", {}, filled(gettext("%(path)s (%(tracks)s)"), { path, tracks: counted(tracks, "track") })));
  const section = element(
    "section",
    { class: "scan-emptied", "aria-label": gettext("Folders without music") },
    element("h2", {}, gettext("Folders that hold no music any more")),
    element("p", {}, gettext("Their disks may be away, so their tracks were kept. If the folders are meant to be empty, their tracks can be marked as missing.")),
    element("ul", {}, ...rows),
    element("div", { class: "actions" }, element("button", { type: "button", on: { click: scanAgain } }, gettext("They are really empty: scan again"))),
  );
  return [section];
};

export const passedOver = (ignored) => {
  const rows = Object.entries(ignored).map(([rule, count]) => element("li", {}, `${RULES[rule] ?? rule}: ${number(count)}`));
  if (!rows.length) return [];
  return [element("h2", {}, gettext("Ignored by the last scan")), element("ul", { "aria-label": gettext("Ignored by the last scan") }, ...rows)];
};
