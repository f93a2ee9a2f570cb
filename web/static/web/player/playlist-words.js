// What is said about a playlist.

import { counted, length } from "./words.js";

export const SHARING = {
  private: "Only you",
  read: "Everyone may listen",
  write: "Everyone may change it",
};

// "" if it is not known: lists do not count what the rules of smart playlists find.
export const countOf = ({ entry_count: count }) => (count === null ? "" : counted(count, "track"));

export const lengthOf = ({ duration_s: seconds }) => (seconds > 0 ? length(seconds) : "");

// Whose it is and who else sees it; "" for a private one of the user.
export const ownerOf = ({ is_own: isOwn, owner, sharing, can_write: canWrite }) => {
  if (!isOwn) return canWrite ? `By ${owner}, who lets everyone change it` : `By ${owner}`;
  return { read: "Shared", write: "Shared, everyone may change it" }[sharing] ?? "";
};

export const kindOf = ({ is_smart: isSmart }) => (isSmart ? "Smart playlist" : "Playlist");

// "20 tracks · 1 h 12 min · Shared"
export const factsOf = (playlist) => [playlist.is_smart && "Smart playlist", countOf(playlist), lengthOf(playlist), ownerOf(playlist)].filter(Boolean);
