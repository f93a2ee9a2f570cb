// Part of the service worker: answers requests for music and covers that are kept offline, from the
// database that player/kept-store.js describes. Their addresses name the user ("?kept=ada"); whatever
// is not kept is asked of the server.
//
// Media elements ask for ranges, and Safari refuses music that is answered without. A Blob of the
// database is a handle of bytes on the disk, so that a part of it is sent without reading all of it.

const STREAM = /^api\/v1\/tracks\/([0-9]+)\/stream$/;
const COVER = /^api\/v1\/(?:tracks|artists)\/[0-9]+\/covers\/([0-9]+)\.webp$/;
const SMALL_PX = 160;
const LARGE_PX = 640;

// `[first, last]` of the bytes that the header asks for; null for the whole, false if there is no such
// part. Several ranges at once, which media elements never ask for, are answered with the whole.
self.rangeOf = (header, size) => {
  const found = /^bytes=([0-9]*)-([0-9]*)$/.exec(header ?? "");
  if (!found || (!found[1] && !found[2])) return null;
  const first = found[1] ? Number(found[1]) : Math.max(0, size - Number(found[2]));
  const last = found[1] && found[2] ? Math.min(Number(found[2]), size - 1) : size - 1;
  return first < size && first <= last ? [first, last] : false;
};

self.answerWith = (blob, header) => {
  const range = self.rangeOf(header, blob.size);
  const headers = { "Accept-Ranges": "bytes", "Content-Type": blob.type || "application/octet-stream", "Cache-Control": "no-store" };
  if (range === false) return new Response(null, { status: 416, headers: { ...headers, "Content-Range": `bytes */${blob.size}` } });
  if (range === null) return new Response(blob, { headers: { ...headers, "Content-Length": String(blob.size) } });
  const [first, last] = range;
  const part = blob.slice(first, last + 1, blob.type);
  const about = { "Content-Length": String(part.size), "Content-Range": `bytes ${first}-${last}/${blob.size}` };
  return new Response(part, { status: 206, headers: { ...headers, ...about } });
};

// The stores and keys in which a file may be; null if the path is none of those.
self.placesOf = (path, query) => {
  const stream = STREAM.exec(path);
  if (stream) return [["files", Number(stream[1])]];
  const cover = COVER.exec(path);
  if (!cover) return null;
  const edges = Number(cover[1]) <= SMALL_PX ? [SMALL_PX, LARGE_PX] : [LARGE_PX];
  return edges.map((edge) => ["covers", `${query.get("v")}/${edge}`]);
};

const finishedRequest = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onupgradeneeded = () => request.transaction.abort(); // there is none yet, and none is made here
  });

const findKept = async (name, places) => {
  const database = await finishedRequest(indexedDB.open(name));
  try {
    for (const [store, key] of places) {
      const found = await finishedRequest(database.transaction(store).objectStore(store).get(key));
      if (found) return found;
    }
    return null;
  } finally {
    database.close();
  }
};

// A promise of the answer; null if the request is for nothing that may be kept.
self.keptMedia = (request, { page, kept: prefix }) => {
  const { pathname, searchParams } = new URL(request.url);
  const user = searchParams.get("kept");
  const places = user === null ? null : self.placesOf(pathname.slice(page.length), searchParams);
  if (!places) return null;
  return findKept(prefix + user, places)
    .catch(() => null)
    .then((blob) => (blob ? self.answerWith(blob, request.headers.get("Range")) : fetch(request)));
};
