// The elements of the list of playlists: a line for each playlist and each folder.

import { chosenTiles } from "../chosen-tiles.js";
import { element, icon, iconButton, tagText } from "../element.js";
import { makeMosaic, showMosaic } from "../mosaic.js";
import { factsOf } from "../playlist-words.js";
import { addressOf } from "../router.js";
import { markThing, unmarkThing } from "../tile-buttons.js";
import { filled, gettext } from "../translation.js";
import { counted } from "../words.js";

const COVER_PX = 48;
const INDENT_PX = 24;

export const makeLine = () => {
  const parts = {
    mosaic: makeMosaic(COVER_PX),
    name: tagText("text"),
    facts: element("span", { class: "facts" }),
    folderName: tagText("text"),
    folderFacts: element("span", { class: "facts" }),
    play: iconButton("play", gettext("Play"), null, { tabindex: "-1", "data-does": "play" }),
    menu: iconButton("menu", gettext("More"), null, { tabindex: "-1", "data-does": "menu", "aria-haspopup": "menu" }),
  };
  parts.link = element("a", { class: "playlist-link", draggable: "false" }, parts.mosaic, element("span", { class: "names" }, parts.name, parts.facts));
  parts.toggle = element(
    "button",
    { type: "button", class: "playlist-link is-folder", "data-does": "toggle" },
    icon("down"),
    element("span", { class: "names" }, parts.folderName, parts.folderFacts),
  );
  const line = element("div", { class: "playlist-row", role: "listitem" }, parts.link, parts.toggle, parts.play, parts.menu);
  line.parts = parts;
  return line;
};

// `known`: see `showMosaic`.
export const fillLine = (line, shown, known, isSettled) => {
  const { parts } = line;
  const { folder, playlist, depth } = shown;
  parts.link.hidden = !playlist;
  parts.toggle.hidden = !folder;
  line.style.paddingLeft = `${depth * INDENT_PX}px`;
  if (playlist) showMosaic(parts.mosaic, playlist, known, COVER_PX, isSettled);
  chosenTiles.mark(line);
  if (line.shown === shown) return;
  line.shown = shown;
  parts.menu.setAttribute("aria-label", filled(gettext("More for %(name)s"), { name: (folder ?? playlist).name }));
  parts.play.hidden = !playlist || playlist.entry_count === 0;
  if (folder) {
    unmarkThing(line);
    fillFolder(parts, shown);
  } else {
    markThing(line, "playlists", playlist.id, playlist.name);
    parts.play.ariaLabel = filled(gettext("Play %(name)s"), { name: playlist.name });
    fillPlaylist(parts, playlist);
  }
};

const fillFolder = ({ link, toggle, folderName, folderFacts }, { folder, count, isOpen }) => {
  link.removeAttribute("href"); // keys go to the first link or button of a line
  toggle.setAttribute("aria-expanded", isOpen);
  folderName.textContent = folder.name;
  folderFacts.textContent = counted(count, "playlist");
};

const fillPlaylist = ({ link, name, facts }, playlist) => {
  link.href = addressOf("playlists", playlist.id);
  name.textContent = name.title = playlist.name;
  facts.textContent = factsOf(playlist).join(" · ");
};
