// The menu of the account: the user's own places, those of administrators, and the way out.

import { addressIn, storageName } from "./addresses.js";
import { keptIndex } from "./kept-index.js";
import { layers } from "./layers.js";
import { showMenu } from "./menu.js";
import { addressOf } from "./router.js";
import { filled, gettext } from "./translation.js";

// `button` opens the menu. `hasShares`: whether the user may share music by links. `help`: the dialog with
// the keyboard shortcuts. `keeper`: the Keeper. `router`: the Router.
export const listenToAccountButton = (button, { user, isStaff, hasShares, help, keeper, router }) => {
  const outside = (label, address) => ({ label: router.isHeard() ? filled(gettext("%(page)s (new tab)"), { page: label }) : label, run: () => router.leave(address) });
  const entries = () => [
    { label: gettext("History"), href: addressOf("history") },
    { label: gettext("Statistics"), href: addressOf("statistics") },
    { label: gettext("Offline"), href: addressOf("offline") },
    { label: gettext("Bookmarks"), href: addressOf("bookmarks") },
    hasShares && { label: gettext("Shared links"), href: addressOf("shares") },
    isStaff && { label: gettext("Scans"), href: addressOf("scans") },
    isStaff && outside(gettext("Administration"), button.dataset.admin),
    outside(gettext("Account"), addressIn("account/")),
    { label: gettext("Keyboard shortcuts"), run: () => layers.showModal(help) },
    { label: filled(keptIndex.sets.size ? gettext("Log out %(user)s, remove what is kept offline") : gettext("Log out %(user)s"), { user }), run: () => logOut(keeper) },
  ];
  button.addEventListener("click", () => showMenu(filled(gettext("Logged in as %(user)s"), { user }), entries(), button));
};

// The page in the service worker's cache holds the user's name, so delete it.
const logOut = async (keeper) => {
  await keeper.clear().catch(() => null);
  await globalThis.caches?.open(storageName("mus-shell")).then((shell) => shell.delete(addressIn("")));
  await layers.leave();
  document.getElementById("logout").requestSubmit();
};
