// The entry point: makes all parts of the player's page and connects them.

import { listenToAccountButton } from "./account-menu.js";
import { addressIn } from "./addresses.js";
import { AddLater } from "./add-later.js";
import { ApiError, Away, contact, orAway } from "./api.js";
import { Bookmarks } from "./bookmarks.js";
import { chosenTiles } from "./chosen-tiles.js";
import { DropTargets } from "./drop-targets.js";
import { drawIcons } from "./element.js";
import { firstPaint } from "./first-paint.js";
import { layers } from "./layers.js";
import { listenToLibraryButtons } from "./library-menu.js";
import { KINDS, LibraryChanges } from "./library-changes.js";
import { Live } from "./live.js";
import { LoginDialog } from "./login-dialog.js";
import { KeepOffline } from "./keep-offline.js";
import { Keeper } from "./keeper.js";
import { keptIndex } from "./kept-index.js";
import { listenToForeignDrops } from "./foreign-drops.js";
import { joinMediaSession } from "./media-session.js";
import { watchContact } from "./offline.js";
import { Player } from "./player.js";
import { PlayerBar } from "./player-bar.js";
import { blurAfterPointer } from "./pointer-focus.js";
import { followOpinions, thingsOf } from "./opinion-controls.js";
import { OpinionActs } from "./opinion-acts.js";
import { Opinions } from "./opinions.js";
import { PlaceLinks } from "./place-links.js";
import { NowPlaying } from "./now-playing.js";
import { PlayClock } from "./play-clock.js";
import { PlaysOutbox } from "./plays-outbox.js";
import { PlaylistActs } from "./playlist-acts.js";
import { PlaylistOutbox } from "./playlist-outbox.js";
import { Playlists } from "./playlists.js";
import { keepQueue } from "./queue-keeper.js";
import { QueuePanel } from "./queue-panel.js";
import { Radio } from "./radio.js";
import { Router } from "./router.js";
import { ScanMessages } from "./scan-messages.js";
import { ScanStatus } from "./scan-status.js";
import { SearchField } from "./search-field.js";
import { SelectionBar } from "./selection-bar.js";
import { listenToKeys } from "./shortcuts.js";
import { SleepButton } from "./sleep-button.js";
import { SleepTimer } from "./sleep-timer.js";
import { useDropTargets } from "./thing-drag.js";
import { ThingActs } from "./things.js";
import { listenToTiles } from "./tile-hands.js";
import { TabTitle } from "./tab-title.js";
import { Toasts } from "./toasts.js";
import { filled, gettext } from "./translation.js";
import { makeMenuOfSeveral, makeTrackMenu } from "./track-menu.js";
import { Views } from "./views/views.js";
import { counted } from "./words.js";

const { user, staff, eventsWorker, libraryToken, scrobbles, shares, loudness, crossfadeS } = document.body.dataset;
const STORAGE_PATIENCE_MS = 1000;
const isStaff = staff === "true";
const byId = (id) => document.getElementById(id);

drawIcons(document);
blurAfterPointer();
const player = new Player(user);
player.own.setSound({ loudness, crossfadeS: Number(crossfadeS) });
const toasts = new Toasts(byId("toasts"));
const plays = new PlaysOutbox(user);
new PlayClock(player.own, user, (play) => plays.add(play));
if (scrobbles === "true") new NowPlaying(player.own);
const bookmarks = new Bookmarks(player, toasts);
const opinions = new Opinions(user);
const opinionActs = new OpinionActs(opinions, toasts);
player.opinionActs = opinionActs;
followOpinions(opinionActs);
const keeper = new Keeper(user);
const keepOffline = new KeepOffline(keeper, toasts);
// Who keeps nothing does not load what makes answers of it.
const learnToAnswer = async () => {
  if (!keptIndex.tracks.size) return;
  const { answerOf } = await import("./kept-answers.js");
  contact.standIn = (path) => answerOf(path, keptIndex, (id) => opinions.isFavourite("tracks", id));
};
keeper.addEventListener("change", () => learnToAnswer().catch(() => null));
keepQueue(player, keeper);
const scanStatus = new ScanStatus(isStaff);
const content = byId("content");
const additions = new PlaylistOutbox(user);
additions.addEventListener("refused", ({ detail }) => toasts.show(detail, "warning"));
const playlists = new Playlists(additions);
const addTo = new AddLater(playlists, toasts);
const views = new Views({ content, player, scanStatus, isStaff, admin: byId("account").dataset.admin, playlists, toasts, addTo, bookmarks, keepOffline, tabTitle: new TabTitle(player) });
const radio = new Radio(player, byId("player"));
radio.addEventListener("problem", ({ detail }) => toasts.show(detail, "warning"));
const placeLinks = new PlaceLinks(document.querySelectorAll(".places [data-place]"));
const show = (place, scrollTop) => {
  chosenTiles.clear();
  views.show(place, scrollTop);
  placeLinks.show(place);
  search.show(place);
  if (place?.view === "search" && !place.query.get("q") && !search.input.value) search.focus();
};
const router = new Router(content, { show, scrollTop: () => views.scrollPlace, isHeard: () => player.own.isPlaying || radio.station !== null });
const openMenu = makeTrackMenu(player, router, toasts, addTo, bookmarks, keepOffline);
const openMenuOfSeveral = makeMenuOfSeveral(player, addTo);
const acts = new PlaylistActs({ playlists, player, router, toasts, addTo, keepOffline });
Object.assign(views, { radio, router, openMenu, openMenuOfSeveral, acts });
const things = new ThingActs({ player, toasts, addTo, router, acts });
new SelectionBar(things, document.querySelector("main"));
listenToTiles(things, content);
const search = new SearchField(byId("search"), router, views);
const openDevices = async (at) => (await orAway(import("./device-menu.js"))).showDevices(player, toasts, at);
const bar = new PlayerBar(byId("player"), player, openMenu, openDevices);
const queue = new QueuePanel(byId("queue"), player, bar.full, { openMenu, openMenuOfSeveral, saveMenu: (at) => acts.menuOfQueue(at), openDevices });
new SleepButton(bar.parts.sleep, bar.bar, new SleepTimer(player, radio, user), player, toasts);
useDropTargets(new DropTargets({ player, queue, views, router, acts }));
listenToForeignDrops(async (files) => (await orAway(import("./playlist-import.js"))).importDropped(files, playlists, toasts));
const help = byId("shortcuts");

player.addEventListener("problem", ({ detail }) => toasts.show(detail, "warning"));
player.addEventListener("message", ({ detail }) => toasts.show(detail.text, "success", detail.undo));
let allChosen = null;
addEventListener("allchosen", ({ detail }) => {
  allChosen?.remove();
  allChosen = toasts.show(filled(gettext("%(what)s selected"), { what: counted(detail, "track") }), "info");
});
const playing = () => player.track && { ids: () => [player.trackId], name: player.track.title };
// The list that keys act on; none if the full player covers it.
const listOfKeys = () => (queue.hadFocusLast ? queue : bar.full.isOpen ? null : views);
const chosenTracks = () => listOfKeys()?.chosenTracks ?? playing();
// What a key acts on: the album or artist that has the focus, else the tracks.
const withChosen = async (act) => {
  const focused = document.activeElement?.closest("[data-opinion]");
  const tracks = focused ? null : chosenTracks();
  if (focused) act(thingsOf(focused));
  else if (tracks) act({ kind: "tracks", ids: await tracks.ids(), name: tracks.name });
};
joinMediaSession(player, radio);
new LoginDialog(byId("login"), user);
listenToKeys(player, {
  toggle: () => (radio.station ? radio : player).toggle(),
  search: () => {
    bar.full.set(false);
    search.focus();
  },
  nowPlaying: () => bar.full.toggle(),
  help: () => layers.showModal(help),
  takeKey: (event) => listOfKeys()?.takeKey(event) ?? false,
  addToPlaylist: () => addTo.openFor(chosenTracks()),
  favourite: () => void withChosen((things) => opinionActs.toggleFavourite(things)),
  rate: (stars) => void withChosen((things) => opinionActs.rate(things, stars)),
});

for (const button of [...document.querySelectorAll("[data-does=queue]"), bar.parts.upNext]) {
  button.addEventListener("click", () => queue.toggleByButton());
}
for (const link of document.querySelectorAll(".places a")) link.addEventListener("click", () => queue.closeIfInTheWay());
listenToLibraryButtons();
help.querySelector("button").addEventListener("click", () => help.close());
listenToAccountButton(byId("account"), { user, isStaff, hasShares: shares === "true", help, keeper, router });

const scanMessages = new ScanMessages(toasts, scanStatus);
const live = new Live(eventsWorker);
watchContact(byId("offline"), live, views);
live.addEventListener("summary", ({ detail }) => {
  scanMessages.hear(detail);
  if (scanStatus.isWatched) scanStatus.poll();
});
live.addEventListener("changed", ({ detail }) => player.shared.hear(detail));
live.addEventListener("changed", ({ detail }) => detail.name === "playlists" && playlists.touched());
live.addEventListener("changed", ({ detail }) => detail.name === "bookmarks" && bookmarks.load());
live.addEventListener("changed", ({ detail }) => detail.name === "plays" && views.heard());
live.addEventListener("changed", ({ detail }) => views.changed(detail.name));
live.addEventListener("changed", ({ detail }) => detail.name === "radio" && views.stationsChanged());
live.addEventListener("changed", ({ detail }) => detail.name === "shares" && views.sharesChanged());
live.addEventListener("changed", ({ detail }) => opinions.hear(detail));
opinions.addEventListener("elsewhere", () => views.refreshOpinions().catch(() => null));
// During the first scan of a library, show its first tracks as soon as they are stored.
scanStatus.addEventListener("change", () => scanStatus.latest?.added && views.isEmpty && views.refresh());
// The page was made before its lists were loaded, so that its token is older than what they show.
const library = new LibraryChanges(libraryToken);
const reload = async ({ isFirst = false } = {}) => {
  const changes = await library.ask();
  if (isFirst && !changes.has(...KINDS)) return;
  opinions.libraryChanged(changes);
  keeper.check(library.token).catch(() => null);
  await Promise.allSettled([views.refresh(changes), player.changes.take(changes, library.token)]);
};
live.addEventListener("reload", () => reload());
// What a scan changed after the page was made and before it listened.
live.addEventListener("open", () => reload({ isFirst: true }), { once: true });
contact.addEventListener("loggedin", () => {
  views.refresh();
});

// A request that a user's action made has failed. The error's message is a sentence for people.
addEventListener("unhandledrejection", (event) => {
  if (!(event.reason instanceof ApiError || event.reason instanceof Away)) return;
  event.preventDefault();
  if (event.reason.status !== 401) toasts.show(event.reason.message, "error");
});

const beginTheRest = () => {
  live.begin();
  opinions.begin();
  bookmarks.load();
  if (!keeper.mayHaveTracks) keeper.begin();
  keeper.check(libraryToken).catch(() => null);
  navigator.serviceWorker?.register(addressIn("service-worker.js")).catch(() => {
    // Without a service worker everything works, but the page does not open without the server.
  });
};
const begin = () => {
  router.begin();
  player.restore().then(() => player.changes.catchUp(libraryToken)).catch(() => {
    if (player.trackId === null) toasts.show(gettext("The saved track and position could not be loaded."), "warning");
  });
  firstPaint(views).then(beginTheRest);
};
// What is kept offline is known before anything is asked for, unless the browser's storage hangs. A
// browser that keeps nothing, as at a first visit, does not wait for its storage.
const patience = new Promise((resolve) => setTimeout(resolve, STORAGE_PATIENCE_MS));
const learnt = keeper.ready.then(learnToAnswer).catch(() => null);
contact.keptIsKnown = Promise.race([learnt, patience]);
// If the storage answers only after that, what could not be shown is tried again.
learnt.then(() => contact.isAway && views.current?.hasFailed && views.refresh()).catch(() => null);
if (keeper.mayHaveTracks) {
  keeper.begin();
  Promise.race([keeper.ready, patience]).then(begin);
} else begin();

// The browser showed a stored page (back/forward cache), whose connections are closed: reload it.
addEventListener("pageshow", (event) => event.persisted && location.reload());
