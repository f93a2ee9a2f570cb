// Keeps the next half hour of the queue, so that music goes on when the network is cut. It moves on
// with the queue, and costs nothing on connections where the user asks to save data.

import { contact } from "./api.js";
import { keptIndex } from "./kept-index.js";
import { nextHalfHour, roomOfQueue } from "./kept-room.js";

const AFTER_MS = 3000;
const LONGEST_LOOK = 100; // entries of the queue

export const keepQueue = (player, keeper) => {
  let waiting = null;
  const wish = async () => {
    waiting = null;
    const { queue } = player.own;
    if (!canKeep() || contact.isAway || contact.isLoggedOut || !keeper.isUsable) return;
    const first = Math.max(0, queue.position - 1);
    const ids = queue.entries.slice(first, first + LONGEST_LOOK).map(({ id }) => id);
    await Promise.all([keeper.sizes.want(ids), player.known.want(ids)]);
    const sizeOf = (id) => keeper.sizes.get(id)?.size_bytes;
    const durationOf = (id) => player.known.get(id)?.duration_s;
    const trackIds = nextHalfHour({ ids, position: queue.position - first, durationOf, sizeOf, room: roomOfQueue(keeper.bound) });
    if (String(trackIds) === String(keptIndex.sets.get("queue")?.trackIds ?? [])) return;
    await keeper.put({ kind: "queue", id: null, name: "", trackIds, body: null });
  };
  const wishSoon = () => {
    // Only a track that plays here makes it worth while: other tabs and pages keep what they play.
    if (player.own.isPlaying) waiting ??= setTimeout(() => wish().catch(() => null), AFTER_MS);
  };
  player.own.queue.addEventListener("change", wishSoon);
  for (const type of ["track", "playing"]) player.own.addEventListener(type, wishSoon);
  contact.addEventListener("back", wishSoon);
};

// Without a service worker nothing would play from what is kept.
const canKeep = () => navigator.serviceWorker?.controller && !navigator.connection?.saveData;
