// Caches the player's page, scripts and styles, so that the page opens while the server is away. It
// never caches or handles requests to the API, nor streams, but those of what a user keeps offline
// (kept-media.js).
//
// The script that imports this one (web/player_page.py) sets `self.SHELL`: `{ version, cache,
// page, files, kept }`. `page` is the path of the page, and with it the base path of the server; `kept`
// begins the names of the databases of what is kept.

const { version, cache: CACHE, page, files } = self.SHELL;
const VERSION_KEY = `${page}service-worker-version/${version}`;
// As in player/router.js.
const PLACES = /^(?:(?:search|radio|tracks|albums|artists|genres|composers|labels|decades|years|folders|playlists|history|statistics|bookmarks|shares|scans|offline)(?:\/|$)|$)/;

const isPage = (request) => {
  const { pathname } = new URL(request.url);
  return request.mode === "navigate" && pathname.startsWith(page) && PLACES.test(pathname.slice(page.length));
};

// What an earlier worker has kept goes last: the network may be cut in the middle of this.
const fill = async () => {
  const cache = await caches.open(CACHE);
  if (await cache.match(VERSION_KEY)) return;
  await cache.addAll(files);
  await keepPage(cache, await fetch(page)); // at the first visit the page was loaded without a worker
  await cache.put(VERSION_KEY, new Response(version));
  const wanted = [page, VERSION_KEY, ...files];
  const surplus = (await cache.keys()).filter(({ url }) => !wanted.includes(new URL(url).pathname));
  await Promise.all(surplus.map((key) => cache.delete(key)));
};

// Cache the page, but not the login page, to which the server redirects users who are not logged
// in, nor that of a network which wants a login of its own and answers in place of the server.
const keepPage = async (cache, response) => {
  if (!response.ok || response.redirected) return;
  const text = await response.clone().text();
  if (text.includes(" data-library-token=")) await cache.put(page, response);
};

// The server answers 503 while its database is away; a proxy answers with 502 to 504 while the server is,
// Cloudflare with 520 to 530. The page of a network that wants a login of its own (511) is shown.
const isAway = (status) => (status > 501 && status < 505) || status > 511;

// Load the page from the server; use the cached one only if the server is away.
const openPage = async (request) => {
  const cache = await caches.open(CACHE);
  try {
    const response = await fetch(request);
    if (isAway(response.status)) return (await cache.match(page)) ?? response;
    await keepPage(cache, response.clone());
    return response;
  } catch (error) {
    const kept = await cache.match(page);
    if (kept) return kept;
    throw error;
  }
};

const keptFile = async (request) => (await (await caches.open(CACHE)).match(request)) ?? fetch(request);

self.addEventListener("install", (event) => event.waitUntil(fill().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  const kept = self.keptMedia(request, self.SHELL);
  if (kept) event.respondWith(kept);
  else if (isPage(request)) event.respondWith(openPage(request));
  else if (files.includes(new URL(request.url).pathname)) event.respondWith(keptFile(request));
});
