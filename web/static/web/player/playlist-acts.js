// What can be done with a whole playlist or a folder of them, and the menus that offer it.

import { API } from "./addresses.js";
import { orAway } from "./api.js";
import { element } from "./element.js";
import { layers } from "./layers.js";
import { showMenu } from "./menu.js";
import { askForName } from "./name-dialog.js";
import { SHARING } from "./playlist-words.js";
import { addressOf } from "./router.js";
import { shareEntry } from "./share-entry.js";
import { filled, gettext, ngettext } from "./translation.js";
import { counted, date, number } from "./words.js";

const FORMATS = { m3u8: "M3U8", xspf: "XSPF", jspf: "JSPF" };
const SMART_FORMATS = { ...FORMATS, nsp: gettext("rules (NSP)") };

// Loaded when somebody wants it: few people make rules.
const smartDialog = () => orAway(import("./smart-dialog.js"));
const thingOf = ({ id, name }) => ({ kind: "playlists", id, name });

export class PlaylistActs {
  things = null; // the ThingActs, which play all kinds of things

  // `addTo`: the AddToPlaylist dialog.
  constructor({ playlists, player, router, toasts, addTo, keepOffline }) {
    Object.assign(this, { playlists, player, router, toasts, addTo, keepOffline });
  }

  play(playlist) {
    return this.things.play([thingOf(playlist)]);
  }

  shuffle(playlist) {
    return this.things.shuffle([thingOf(playlist)]);
  }

  addLast(playlist) {
    return this.things.addLast([thingOf(playlist)]);
  }

  addNext(playlist) {
    return this.things.addNext([thingOf(playlist)]);
  }

  // Put tracks before the entry with the id `before`; null: at the end.
  async addTracks({ id, name }, ids, before = null) {
    const { added, known, entry_ids: entryIds, waits } = await this.playlists.add(id, { track_ids: ids, before });
    if (waits) return this.addTo.waits(waits, { name }, counted(added, "track"));
    const text = known
      ? ngettext("%(count)s track added to “%(name)s”, which had %(known)s of these already.", "%(count)s tracks added to “%(name)s”, which had %(known)s of these already.", added)
      : ngettext("%(count)s track added to “%(name)s”.", "%(count)s tracks added to “%(name)s”.", added);
    const link = { label: gettext("Show it"), href: addressOf("playlists", id) };
    this.toasts.show(filled(text, { name, count: number(added), known: number(known) }), "success", () => this.playlists.removeEntries(id, entryIds), link);
  }

  // `remove()` deletes the playlist. `more`: further entries at the end.
  menu(playlist, at, { remove = () => this.remove(playlist), more = [] } = {}) {
    const { id, name, is_own: isOwn, can_write: canWrite } = playlist;
    const isEmpty = playlist.entry_count === 0; // null: not known
    showMenu(
      filled(gettext("For %(name)s"), { name }),
      [
        !isEmpty && { label: gettext("Play"), run: () => this.play(playlist) },
        !isEmpty && { label: gettext("Shuffle"), run: () => this.shuffle(playlist) },
        !isEmpty && { label: gettext("Play next"), run: () => this.addNext(playlist) },
        !isEmpty && { label: gettext("Add to the queue"), run: () => this.addLast(playlist) },
        !isEmpty && { label: gettext("Add to another playlist…"), run: () => this.addTo.open({ ids: () => this.playlists.trackIds(id), name, without: id }) },
        !isEmpty && this.keepOffline.entry({ kind: "playlists", id, name }),
        canWrite && playlist.is_smart && { label: gettext("Change the rules…"), run: () => this.editRules(playlist) },
        canWrite && !playlist.source && { label: gettext("Rename…"), run: () => this.rename(playlist) },
        isOwn && { label: gettext("Share…"), run: () => this.chooseSharing(playlist, at) },
        !isEmpty && shareEntry(() => ({ playlist_ids: [id] }), name),
        isOwn && { label: gettext("Move to a folder…"), run: () => this.chooseFolder(playlist, at) },
        isOwn && playlist.source && { label: gettext("Make it your own"), run: () => this.detach(playlist) },
        { label: gettext("Duplicate"), run: () => this.duplicate(playlist) },
        { label: gettext("Export…"), run: () => this.chooseFormat(playlist, at) },
        isOwn && { label: gettext("Delete"), run: remove },
        ...more,
      ],
      at,
    );
  }

  make({ folderId = null, name = "", ids = null } = {}) {
    askForName({
      title: gettext("New playlist"),
      name,
      button: gettext("Make it"),
      save: async (given) => {
        const made = await this.playlists.make({ name: given, ...(folderId && { folder_id: folderId }) });
        if (ids) await this.playlists.add(made.id, { track_ids: await ids() });
        else this.playlists.used(made.id);
        await layers.leave();
        this.router.go(addressOf("playlists", made.id));
      },
    });
  }

  async makeSmart(given) {
    const { makeSmart } = await smartDialog();
    return makeSmart(this, given);
  }

  // A new smart playlist that finds what a list with these filters and this order shows. `searched`: the rules of
  // its search, if it has one.
  async keepSearch(name, filters, sort, names, searched) {
    const { rulesOf } = await smartDialog();
    return this.makeSmart({ name, rules: rulesOf(filters, sort, names, searched) });
  }

  async editRules(playlist) {
    const { editRules } = await smartDialog();
    const { id, name, rules } = playlist;
    const save = (fields) => this.playlists.change(id, fields);
    return editRules({ title: gettext("Change the rules"), name, rules, playlists: this.playlists, save });
  }

  showPlaylist(id) {
    this.router.go(addressOf("playlists", id));
  }

  rename(playlist) {
    const save = (name) => this.playlists.change(playlist.id, { name });
    askForName({ title: gettext("Rename the playlist"), name: playlist.name, save });
  }

  chooseSharing(playlist, at) {
    const items = Object.entries(SHARING).map(([sharing, label]) => ({
      label,
      isChosen: sharing === playlist.sharing,
      run: () => this.share(playlist, sharing),
    }));
    showMenu(filled(gettext("Share %(name)s"), { name: playlist.name }), items, at);
  }

  async share(playlist, sharing) {
    await this.playlists.change(playlist.id, { sharing });
    const words = { private: gettext("“%(name)s” is private now."), read: gettext("“%(name)s” can be heard by everyone here."), write: gettext("“%(name)s” can be changed by everyone here.") };
    this.toasts.show(filled(words[sharing], playlist), "success", () => this.playlists.change(playlist.id, { sharing: playlist.sharing }));
  }

  // A playlist that follows a file in a music folder can be changed afterwards.
  async detach({ id, name }) {
    await this.playlists.detach(id);
    this.toasts.show(filled(gettext("“%(name)s” is your own now and does not follow its file any more."), { name }), "success");
  }

  async chooseFolder(playlist, at) {
    await this.playlists.want();
    const moveTo = (folderId) => this.moveToFolder(playlist, folderId);
    const items = this.playlists.folders.map(({ id, name }) => ({ label: name, isChosen: id === playlist.folder_id, run: () => moveTo(id) }));
    const newOne = { label: gettext("New folder…"), run: () => this.makeFolder(async ({ id }) => moveTo(id)) };
    showMenu(filled(gettext("Move %(name)s to a folder"), { name: playlist.name }), [{ label: gettext("No folder"), isChosen: !playlist.folder_id, run: () => moveTo(null) }, ...items, newOne], at);
  }

  async moveToFolder(playlist, folderId) {
    if (folderId === playlist.folder_id) return;
    await this.playlists.change(playlist.id, { folder_id: folderId });
    const folder = this.playlists.folders.find(({ id }) => id === folderId);
    const text = folderId ? gettext("“%(name)s” is in “%(folder)s” now.") : gettext("“%(name)s” is in no folder now.");
    this.toasts.show(filled(text, { name: playlist.name, folder: folder?.name ?? gettext("the folder") }), "success", () => this.playlists.change(playlist.id, { folder_id: playlist.folder_id }));
  }

  chooseFormat({ id, name, is_smart: isSmart }, at) {
    const items = Object.entries(isSmart ? SMART_FORMATS : FORMATS).map(([ending, label]) => ({ label: filled(gettext("As %(format)s"), { format: label }), run: () => this.download(`playlists/${id}/export.${ending}`) }));
    showMenu(filled(gettext("Export %(name)s"), { name }), items, at);
  }

  // On a phone the menu has an entry in the browser's history, and stepping back from it would
  // cancel the download.
  async download(path) {
    await layers.leave();
    const link = element("a", { href: API + path, download: true });
    document.body.append(link);
    link.click();
    link.remove();
  }

  async duplicate(playlist) {
    const copy = await this.playlists.duplicate(playlist);
    const link = { label: gettext("Show it"), href: addressOf("playlists", copy.id) };
    this.toasts.show(filled(gettext("“%(name)s” was copied to “%(copy)s”."), { name: playlist.name, copy: copy.name }), "success", () => this.playlists.remove(copy.id), link);
  }

  // `removed()` is called when it is done.
  async remove(playlist, removed = () => {}) {
    await this.playlists.remove(playlist.id);
    removed();
    this.toasts.show(filled(gettext("The playlist “%(name)s” was deleted."), { name: playlist.name }), "success", () => this.playlists.restore(playlist.id));
  }

  // The queue as a playlist, or in one.
  menuOfQueue(at) {
    const ids = () => this.player.queue.entries.map(({ id }) => id);
    const name = this.playlists.freeName(filled(gettext("Queue of %(date)s"), { date: date(new Date()) }));
    const items = [
      { label: gettext("Save as a playlist…"), run: () => this.make({ name, ids }) },
      { label: gettext("Add to a playlist…"), run: () => this.addTo.open({ ids }) },
    ];
    showMenu(gettext("For the queue"), items, at);
  }

  // Folders

  menuOfFolder(folder, at) {
    const items = [
      { label: gettext("New playlist in it…"), run: () => this.make({ folderId: folder.id }) },
      { label: gettext("Rename…"), run: () => askForName({ title: gettext("Rename the folder"), name: folder.name, save: (name) => this.playlists.changeFolder(folder.id, { name }) }) },
      { label: gettext("Delete the folder"), run: () => this.removeFolder(folder) },
    ];
    showMenu(filled(gettext("For the folder %(name)s"), { name: folder.name }), items, at);
  }

  makeFolder(made = () => {}) {
    askForName({ title: gettext("New folder"), button: gettext("Make it"), save: async (name) => made(await this.playlists.makeFolder(name)) });
  }

  // Its playlists stay. Undo makes a folder of that name anew, with the same playlists.
  async removeFolder(folder) {
    const { playlists } = this;
    const inIt = (playlists.all ?? []).filter((each) => each.folder_id === folder.id);
    const below = playlists.folders.filter((each) => each.parent_id === folder.id);
    await playlists.removeFolder(folder.id);
    const undo = async () => {
      const { id } = await playlists.makeFolder(folder.name, folder.parent_id);
      for (const each of below) await playlists.changeFolder(each.id, { parent_id: id });
      for (const each of inIt) await playlists.change(each.id, { folder_id: id });
    };
    this.toasts.show(filled(gettext("The folder “%(name)s” was deleted; its playlists are still there."), { name: folder.name }), "success", undo);
  }
}
