// The button in the head of a page that opens a menu of what a phone has no room for. A wide window shows
// buttons instead, which have the class `not-on-phone`.

import { iconButton } from "../element.js";
import { showMenu } from "../menu.js";
import { filled, gettext } from "../translation.js";

// `thing`: what the page shows, `{ kind, id, name }`; `kind` is null if it can be no favourite. `ids()` returns
// its tracks, maybe later. `more()`: further entries.
export const headMenu = ({ player, addTo }, { kind, id, name }, ids, more) => {
  const things = () => ({ kind, ids: [id], name });
  const open = ({ currentTarget: at }) => {
    const { opinionActs } = player;
    const entries = [
      { label: gettext("Play next"), run: async () => player.addNext(await ids(), name) },
      { label: gettext("Add to the queue"), run: async () => player.addLast(await ids(), name) },
      { label: gettext("Add to a playlist…"), run: () => addTo.open({ ids, name }) },
      ...more(),
      ...(kind ? opinionActs.entries(things, at, opinionActs.opinions.isFavourite(kind, id)) : []),
    ];
    showMenu(filled(gettext("For %(name)s"), { name }), entries, at);
  };
  return iconButton("menu", filled(gettext("More for %(name)s"), { name }), open, { class: "icon-button for-phone", "aria-haspopup": "menu" });
};
