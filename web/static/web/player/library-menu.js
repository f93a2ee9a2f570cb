// The button "Library" of narrow windows: a menu of the lists that the rail of wide windows shows.

import { showMenu } from "./menu.js";
import { KINDS } from "./views/kinds.js";
import { addressOf } from "./router.js";
import { gettext } from "./translation.js";

// Lists that have no link on the rail, since they are few people's way.
const MORE = ["labels", "years"];

// The links of the rail lead to each list as it was left.
const entries = () => {
  const links = [...document.querySelectorAll(".rail [role=group] a")];
  const onRail = links.map((link) => ({ label: link.textContent.trim(), href: link.getAttribute("href") }));
  return [...onRail, ...MORE.map((view) => ({ label: KINDS[view].title, href: addressOf(view) }))];
};

export const listenToLibraryButtons = () => {
  for (const button of document.querySelectorAll("[data-does=library]")) {
    button.addEventListener("click", () => showMenu(gettext("Library"), entries(), button));
  }
};
