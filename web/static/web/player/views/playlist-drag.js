// Lets users drag playlists into folders, and out of them.

import { beginDrag } from "../pointer-drag.js";

// `list`: the WindowedList of lines (playlist-tree.js). `lineAt(event)` returns that of an event's
// target. `move(playlist, folderId)` moves it; null: out of all folders.
export const letLinesBeDragged = (list, { lineAt, move }) => {
  const { body, source } = list;

  // The folder of the line below the pointer; null outside of folders.
  const folderAt = (x, y) => {
    const line = lineAt({ target: document.elementFromPoint(x, y) ?? body });
    return line?.folder?.id ?? line?.playlist?.folder_id ?? null;
  };
  const mark = (folderId) => {
    for (const [index, element] of list.shown) {
      const { folder } = source.row(index) ?? {};
      element.classList.toggle("is-target", folder !== undefined && folder.id === folderId);
    }
  };

  body.addEventListener("pointerdown", (event) => {
    const line = lineAt(event);
    if (event.button !== 0 || !line?.playlist?.is_own || event.target.closest("button")) return;
    const { playlist } = line;
    let to = playlist.folder_id;
    const clear = () => {
      body.classList.remove("is-dragging");
      mark(null);
    };
    beginDrag(event, {
      scroller: list.scroller,
      start: () => body.classList.add("is-dragging"),
      follow: (x, y) => mark((to = folderAt(x, y))),
      drop: () => {
        clear();
        if (to !== playlist.folder_id) move(playlist, to);
      },
      cancel: clear,
    });
  });
  body.addEventListener("dragstart", (event) => event.preventDefault());
};
