// The menu entry and the button that open the dialog for a link to some music.

import { orAway } from "./api.js";
import { element } from "./element.js";
import { gettext } from "./translation.js";

const canShare = document.body.dataset.shares === "true";

// `what()` returns what is shared, or a promise of it, as the API takes it: `{ track_ids }` and so on.
// False where the user may not share.
export const shareEntry = (what, name = "") => canShare && { label: gettext("Share by a link…"), run: async () => (await orAway(import("./share-dialog.js"))).share(what, name) };

// For the head of a page; a phone has the entry in the head's menu.
export const shareButton = (what, name) => {
  const entry = shareEntry(what, name);
  return entry && element("button", { type: "button", class: "not-on-phone", on: { click: entry.run } }, entry.label);
};
