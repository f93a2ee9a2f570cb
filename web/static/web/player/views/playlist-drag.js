// Lets users drag playlists into folders, out of them, and to the drop targets of the page.

import { beginThingDrag } from "../thing-drag.js";

// `list`: the WindowedList of lines (playlist-tree.js). `lineAt(event)` returns that of an event's
// target. `move(playlist, folderId)` moves it; null: out of all folders. `dragged(playlist)` returns
// what is dragged, as DropTargets takes it. `held(playlist, at)`: see `beginThingDrag`.
export const letLinesBeDragged = (list, { lineAt, move, dragged, held }) => {
  const { body } = list;
  body.addEventListener("pointerdown", (event) => {
    const { playlist } = lineAt(event) ?? {};
    const isPlain = event.button === 0 && !(event.ctrlKey || event.metaKey || event.shiftKey);
    if (!isPlain || !playlist || event.target.closest("button")) return;
    beginThingDrag(event, {
      scroller: list.scroller,
      pick: () => dragged(playlist),
      own: playlist.is_own ? new FolderMoves(list, lineAt, playlist, move) : null,
      held: (at) => held(playlist, at),
    });
  });
  body.addEventListener("dragstart", (event) => event.preventDefault());
};

// Moves a playlist into the folder over which it is dropped.
class FolderMoves {
  constructor(list, lineAt, playlist, move) {
    Object.assign(this, { list, lineAt, playlist, move });
  }

  isAt(hit) {
    return Boolean(hit && this.list.scroller.contains(hit));
  }

  start() {
    this.list.body.classList.add("is-dragging");
  }

  // The folder of the line below the pointer; null outside of folders.
  follow(y, at) {
    const line = this.lineAt({ target: document.elementFromPoint(at.x, at.y) ?? this.list.body });
    this.to = line?.folder?.id ?? line?.playlist?.folder_id ?? null;
    this.mark(this.to);
  }

  mark(folderId) {
    for (const [index, element] of this.list.shown) {
      const { folder } = this.list.source.row(index) ?? {};
      element.classList.toggle("is-target", folder !== undefined && folder.id === folderId);
    }
  }

  clear() {
    this.list.body.classList.remove("is-dragging");
    this.mark(null);
  }

  drop() {
    if (this.to !== this.playlist.folder_id) this.move(this.playlist, this.to);
  }
}
