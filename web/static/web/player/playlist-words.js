// What is said about a playlist.

import { filled, gettext } from "./translation.js";
import { counted, length } from "./words.js";

export const SHARING = {
  private: gettext("Only you"),
  read: gettext("Everyone may listen"),
  write: gettext("Everyone may change it"),
};

// "" if it is not known: lists do not count what the rules of smart playlists find.
export const countOf = ({ entry_count: count }) => (count === null ? "" : counted(count, "track"));

export const lengthOf = ({ duration_s: seconds }) => (seconds > 0 ? length(seconds) : "");

// Whose it is and who else sees it; "" for a private one of the user.
export const ownerOf = ({ is_own: isOwn, owner, sharing, can_write: canWrite }) => {
  if (!isOwn) return filled(canWrite ? gettext("By %(owner)s, who lets everyone change it") : gettext("By %(owner)s"), { owner });
  return { read: gettext("Shared"), write: gettext("Shared, everyone may change it") }[sharing] ?? "";
};

export const kindOf = ({ is_smart: isSmart }) => (isSmart ? gettext("Smart playlist") : gettext("Playlist"));

// "20 tracks · 1 h 12 min · Shared"
export const factsOf = (playlist) => [playlist.is_smart && gettext("Smart playlist"), countOf(playlist), lengthOf(playlist), ownerOf(playlist)].filter(Boolean);
