// The menu of the account: the user's own places, those of administrators, and the way out.

import { addressIn, storageName } from "./addresses.js";
import { keptIndex } from "./kept-index.js";
import { layers } from "./layers.js";
import { showMenu } from "./menu.js";
import { addressOf } from "./router.js";
import { filled, gettext } from "./translation.js";

// `button` opens the menu. `hasShares`: whether the user may share music by links. `help`: the dialog with
// the keyboard shortcuts. `keeper`: the Keeper.
export const listenToAccountButton = (button, { user, isStaff, hasShares, help, keeper }) => {
  const entries = () => [
    { label: gettext("History"), href: addressOf("history") },
    { label: gettext("Statistics"), href: addressOf("statistics") },
    { label: gettext("Offline"), href: addressOf("offline") },
    { label: gettext("Bookmarks"), href: addressOf("bookmarks") },
    hasShares && { label: gettext("Shared links"), href: addressOf("shares") },
    isStaff && { label: gettext("Scans"), href: addressOf("scans") },
    isStaff && { label: gettext("Administration"), run: () => leaveFor(button.dataset.admin) },
    { label: gettext("Account"), run: () => leaveFor(addressIn("account/")) },
    { label: gettext("Keyboard shortcuts"), run: () => layers.showModal(help) },
    { label: filled(keptIndex.sets.size ? gettext("Log out %(user)s, remove what is kept offline") : gettext("Log out %(user)s"), { user }), run: () => logOut(keeper) },
  ];
  button.addEventListener("click", () => showMenu(filled(gettext("Logged in as %(user)s"), { user }), entries(), button));
};

// On a phone the menu has an entry in the browser's history, and stepping back from it would cancel
// a navigation that has begun.
const leaveFor = (address) => layers.leave().then(() => location.assign(address));

// The page in the service worker's cache holds the user's name, so delete it.
const logOut = async (keeper) => {
  await keeper.clear().catch(() => null);
  await globalThis.caches?.open(storageName("mus-shell")).then((shell) => shell.delete(addressIn("")));
  await layers.leave();
  document.getElementById("logout").requestSubmit();
};
