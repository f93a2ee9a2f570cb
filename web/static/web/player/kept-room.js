// How much may be kept offline. Knows neither the page nor the browser's storage.

export const GIGABYTE = 1e9;
export const BOUNDS = [0.5, 1, 2, 5, 10, 20, 50].map((each) => each * GIGABYTE);
export const DEFAULT_BOUND = 2 * GIGABYTE;
export const QUEUE_SECONDS = 1800;
const MOST_OF_QUEUE = 0.3 * GIGABYTE;
const SPARE = 50e6; // left to the page itself, and for what a browser adds to a file

// How many bytes more may be kept. `estimate`: what the browser says of the storage, or null.
export const roomLeft = ({ bound, kept, estimate }) => {
  const ofBrowser = Number.isFinite(estimate?.quota) ? estimate.quota - (estimate.usage ?? 0) - SPARE : Infinity;
  return Math.max(0, Math.min(bound - kept, ofBrowser));
};

// How many bytes the next half hour of the queue may take.
export const roomOfQueue = (bound) => Math.min(MOST_OF_QUEUE, bound / 4);

// The ids of the tracks that play in the next half hour, the current one first, and the one before at
// the end. `durationOf(id)` and `sizeOf(id)` are undefined where nothing is known; such a track counts
// as four minutes and is kept if there is room.
export const nextHalfHour = ({ ids, position, durationOf, sizeOf, room }) => {
  const found = new Set();
  let seconds = 0;
  let bytes = 0;
  for (const id of position < 0 ? [] : ids.slice(position)) {
    if (seconds >= QUEUE_SECONDS) break;
    seconds += durationOf(id) ?? 240;
    if (found.has(id)) continue;
    const size = sizeOf(id) ?? 0;
    if (bytes + size > room) break;
    bytes += size;
    found.add(id);
  }
  const before = ids[position - 1];
  if (before !== undefined && bytes + (sizeOf(before) ?? room) <= room) found.add(before);
  return [...found];
};

// The ids of tracks that some of the sets want and that are not kept: those of the queue first, since
// they play next.
export const missingOf = (sets, isKept) => {
  const inOrder = [...sets].sort((one, other) => (other.kind === "queue") - (one.kind === "queue"));
  return [...new Set(inOrder.flatMap(({ trackIds }) => trackIds))].filter((id) => !isKept(id));
};

// The ids of kept tracks that no set wants any more.
export const surplusOf = (sets, keptIds) => {
  const wanted = new Set([...sets].flatMap(({ trackIds }) => trackIds));
  return [...keptIds].filter((id) => !wanted.has(id));
};

// A track's file is identified by this; another value means other bytes.
export const versionOf = ({ size_bytes: size, mtime_ns: mtime }) => `${size}-${mtime}`;
