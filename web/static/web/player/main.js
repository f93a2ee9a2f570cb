// The entry point: makes all parts of the player's page and connects them.

import { addressIn, storageName } from "./addresses.js";
import { ApiError, Away, contact } from "./api.js";
import { drawIcons } from "./element.js";
import { layers } from "./layers.js";
import { Live } from "./live.js";
import { LoginDialog } from "./login-dialog.js";
import { joinMediaSession } from "./media-session.js";
import { showMenu } from "./menu.js";
import { watchContact } from "./offline.js";
import { Player } from "./player.js";
import { PlayerBar } from "./player-bar.js";
import { blurAfterPointer } from "./pointer-focus.js";
import { PlaceLinks } from "./place-links.js";
import { QueuePanel } from "./queue-panel.js";
import { addressOf, Router } from "./router.js";
import { ScanStatus } from "./scan-status.js";
import { SearchField } from "./search-field.js";
import { listenToKeys } from "./shortcuts.js";
import { Toasts } from "./toasts.js";
import { makeMenuOfSeveral, makeTrackMenu } from "./track-menu.js";
import { Views } from "./views/views.js";
import { wordsOfSummary } from "./words.js";

const { user, staff, eventsWorker } = document.body.dataset;
const isStaff = staff === "true";
const byId = (id) => document.getElementById(id);

drawIcons(document);
blurAfterPointer();
const player = new Player(user);
const toasts = new Toasts(byId("toasts"));
const scanStatus = new ScanStatus(isStaff);
const content = byId("content");
const views = new Views({ content, player, scanStatus, isStaff, admin: byId("account").dataset.admin });
const placeLinks = new PlaceLinks(document.querySelectorAll(".places a[data-place]"));
const show = (place, scrollTop) => {
  views.show(place, scrollTop);
  placeLinks.show(place);
  search.show(place);
  if (place?.view === "search" && !place.query.get("q")) search.focus();
};
const router = new Router(content, { show, scrollTop: () => views.scrollPlace });
const openMenu = makeTrackMenu(player, router, toasts);
const openMenuOfSeveral = makeMenuOfSeveral(player);
Object.assign(views, { router, openMenu, openMenuOfSeveral });
const search = new SearchField(byId("search"), router, views);
const bar = new PlayerBar(byId("player"), player, openMenu);
const queue = new QueuePanel(byId("queue"), player, bar, openMenu, openMenuOfSeveral);
const help = byId("shortcuts");

player.addEventListener("problem", ({ detail }) => toasts.show(detail, "warning"));
player.addEventListener("message", ({ detail }) => toasts.show(detail.text, "success", detail.undo));
joinMediaSession(player);
new LoginDialog(byId("login"), user);
listenToKeys(player, {
  search: () => search.focus(),
  help: () => layers.showModal(help),
  takeKey: (event) => (queue.hadFocusLast ? queue : views).takeKey(event),
});

for (const button of document.querySelectorAll("[data-does=queue]")) {
  button.addEventListener("click", () => queue.toggleByButton());
}
for (const link of document.querySelectorAll(".places a")) link.addEventListener("click", () => queue.closeIfInTheWay());
help.querySelector("button").addEventListener("click", () => help.close());
byId("account").addEventListener("click", () => showAccountMenu());

const showAccountMenu = () => {
  // The page in the service worker's cache holds the user's name, so delete it.
  const logOut = async () => {
    await globalThis.caches?.open(storageName("mus-shell")).then((shell) => shell.delete(addressIn("")));
    byId("logout").requestSubmit();
  };
  showMenu(
    `Logged in as ${user}`,
    [
      isStaff && { label: "Scans", href: addressOf("scans") },
      isStaff && { label: "Administration", run: () => location.assign(byId("account").dataset.admin) },
      { label: "Change the password", run: () => location.assign(addressIn("password/")) },
      { label: "Keyboard shortcuts", run: () => layers.showModal(help) },
      { label: `Log out ${user}`, run: logOut },
    ],
    byId("account"),
  );
};

const live = new Live(eventsWorker);
watchContact(byId("offline"), live);
live.addEventListener("summary", ({ detail }) => {
  const hasChanged = detail.action_key !== null || detail.message_level !== "info";
  const isNews = hasChanged && detail.message_to_show !== ""; // without a message only lists are reloaded
  if (isNews) toasts.show(wordsOfSummary(detail), detail.message_level);
  if (scanStatus.isWatched) scanStatus.poll();
});
// During the first scan of a library, show its first tracks as soon as they are stored.
scanStatus.addEventListener("change", () => scanStatus.latest?.added && views.isEmpty && views.refresh());
const reload = () => Promise.allSettled([views.refresh(), player.refreshTracks()]);
live.addEventListener("reload", reload);
contact.addEventListener("loggedin", () => {
  views.refresh();
});

// A request that a user's action made has failed. The error's message is a sentence for people.
addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof ApiError || event.reason instanceof Away)) return;
  event.preventDefault();
  if (event.reason.status !== 401) toasts.show(event.reason.message, "error");
});

router.begin();
player.restore().catch(() => {
  if (player.trackId === null) toasts.show("The saved track and position could not be loaded.", "warning");
});

// The browser showed a stored page (back/forward cache), whose connections are closed: reload it.
addEventListener("pageshow", (event) => event.persisted && location.reload());
navigator.serviceWorker?.register(addressIn("service-worker.js")).catch(() => {
  // Without a service worker everything works, but the page does not open without the server.
});
