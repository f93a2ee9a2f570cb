// The head of a playlist's page: its cover, name and description, whose it is, and its buttons.

import { element, iconButton, unbroken } from "../element.js";
import { makeMosaic, showMosaic } from "../mosaic.js";
import { countOf, kindOf, lengthOf, ownerOf, SHARING } from "../playlist-words.js";
import { filled, filledWith, gettext } from "../translation.js";
import { editable } from "./editable-text.js";

const COVER_PX = 240;

// `acts`: the PlaylistActs. `openMenu(at)` opens the menu of the playlist, `change(fields)` changes it.
export const playlistHead = (playlist, { acts, openMenu, change }) => {
  const { name, description, can_write: canWrite, is_own: isOwn } = playlist;
  const heading = element("h1", { dir: "auto", translate: "no" }, name);
  const words = element("p", { class: canWrite && !description ? "description is-empty" : "description", dir: "auto" }, description || (canWrite ? gettext("No description") : ""));
  return element(
    "header",
    { class: "album-head playlist-head" },
    makeMosaic(COVER_PX),
    element(
      "div",
      { class: "album-text" },
      element("p", { class: "kind" }, kindOf(playlist)),
      canWrite && !playlist.source ? editable({ shown: heading, text: name, label: "name", isRequired: true, save: (text) => change({ name: text }) }) : heading,
      canWrite ? editable({ shown: words, text: description ?? "", label: "description", isLong: true, save: (text) => change({ description: text }) }) : words,
      isOwn ? null : element("p", { class: "by", dir: "auto" }, ownerOf(playlist)),
      element("p", { class: "count" }, ...unbroken([countOf(playlist), lengthOf(playlist)])),
      sourceOf(playlist, acts),
    ),
    element("div", { class: "actions" }, ...buttons(playlist, acts, openMenu), isOwn ? sharing(playlist, acts) : null),
  );
};

export const showMosaicOf = (head, playlist, known) => {
  const mosaic = head.querySelector(".mosaic");
  showMosaic(mosaic, playlist, known, mosaic.clientWidth || COVER_PX);
};

const buttons = (playlist, acts, openMenu) => {
  const disabled = playlist.entry_count === 0;
  const button = (label, act, kind = "") => element("button", { type: "button", class: kind, disabled, on: { click: act } }, label);
  return [
    button(gettext("Play"), () => acts.play(playlist), "primary"),
    button(gettext("Shuffle"), () => acts.shuffle(playlist)),
    playlist.is_smart && playlist.can_write ? element("button", { type: "button", class: "not-on-phone", on: { click: () => acts.editRules(playlist) } }, gettext("Change the rules")) : null,
    button(gettext("Add to the queue"), () => acts.addLast(playlist), "not-on-phone"), // it is in the menu, too
    disabled ? null : acts.keepOffline.button({ kind: "playlists", id: playlist.id, name: playlist.name }),
    iconButton("menu", filled(gettext("More for %(name)s"), { name: playlist.name }), (event) => openMenu(event.currentTarget), { "aria-haspopup": "menu" }),
  ];
};

const sharing = (playlist, acts) => {
  const choices = Object.entries(SHARING).map(([value, label]) => element("option", { value, selected: value === playlist.sharing }, label));
  const select = element("select", { on: { change: () => acts.share(playlist, select.value) } }, ...choices);
  return element("label", { class: "sharing" }, element("span", { class: "unseen" }, gettext("Who may listen")), select);
};

// A playlist that follows a file in a music folder says so, and whether the file is still there.
const sourceOf = (playlist, acts) => {
  const { source, is_source_gone: isGone, is_own: isOwn } = playlist;
  if (!source) return null;
  const said = filledWith(isGone ? gettext("Followed the file %(file)s, which is gone") : gettext("Follows the file %(file)s"), { file: element("code", { dir: "auto" }, source) });
  const detach = element("button", { type: "button", class: "small", title: gettext("It can be changed then, and does not follow the file any more"), on: { click: () => acts.detach(playlist) } }, gettext("Make it your own"));
  return element("div", { class: "source" }, element("p", { class: isGone ? "count is-without-file" : "count" }, ...said), isOwn ? detach : null);
};
