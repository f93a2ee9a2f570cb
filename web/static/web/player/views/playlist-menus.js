// The menus on the page of a playlist: that of the playlist, of one entry and of several.

import { showMenu } from "../menu.js";
import { addressOf } from "../router.js";
import { filled, gettext } from "../translation.js";

export class PlaylistMenus {
  // `view`: the PlaylistView.
  constructor(view) {
    this.view = view;
  }

  ofPlaylist(at) {
    const { page, playlist } = this.view;
    const remove = async () => {
      this.view.loading.leave();
      try {
        await page.acts.remove(playlist, () => page.router.go(addressOf("playlists")));
      } catch (error) {
        this.view.loading.stay();
        throw error;
      }
    };
    page.acts.menu(playlist, at, { remove });
  }

  ofRow(row, at, index) {
    const { page } = this.view;
    const first = row.track_id !== null && !row.isGone ? [{ label: gettext("Play"), run: () => this.view.entryActs.play(index) }] : [];
    const own = [...first, ...this.moves([index])];
    if (row.track_id === null) showMenu(filled(gettext("For %(name)s"), { name: row.title }), own.length ? own : [{ label: gettext("Not in the library") }], at);
    else page.openMenu({ ...row, id: row.track_id }, at, own);
  }

  ofSeveral(indexes, at) {
    const first = [{ label: gettext("Play"), run: () => this.view.entryActs.playSeveral(indexes) }];
    this.view.page.openMenuOfSeveral(indexes.length, () => this.view.entryActs.trackIdsAt(indexes), at, { first, last: this.moves(indexes) });
  }

  // Nothing if the user may not change the playlist.
  moves(indexes) {
    const { view } = this;
    if (!view.canEdit) return [];
    const { count } = view.source;
    const isFirst = indexes.at(-1) === indexes.length - 1;
    const isLast = indexes[0] === count - indexes.length;
    return [
      !isFirst && { label: gettext("Move to the top"), run: () => view.entryActs.move(indexes, 0) },
      !isLast && { label: gettext("Move to the end"), run: () => view.entryActs.move(indexes, count) },
      { label: gettext("Remove from the playlist"), run: () => view.entryActs.remove(indexes) },
    ].filter(Boolean);
  }
}
