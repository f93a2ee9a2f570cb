// How the player is saved: joins it with QueueSync, which keeps its queue, and with SavedState, which
// keeps the rest. Both ask the player when they save, not when they are made.

import { QueueSync } from "./queue-sync.js";
import { savedFields } from "./saved-fields.js";
import { SavedState } from "./saved-state.js";

export const syncOf = (player, user) => {
  const { own, queue } = player;
  const isLoaded = () => own.trackId !== null && own.trackId === queue.currentId && !player.remote;
  return new QueueSync({
    user,
    queue,
    device: player.devices.key,
    isOurs: () => isQueueOurs(player),
    isLoading: () => player.saved.isLoading === true,
    take: (saved, body) => player.shared.takeQueue(saved, body),
    position: () => (isLoaded() ? own.playback.position : null),
    arrived: (place) => player.saved.queueArrived(place),
  });
};

export const savedStateOf = (player, user) =>
  new SavedState({
    user,
    queue: player.queue,
    read: () => ({ ...savedFields(player.own.state), ...player.sync.place(player.own.trackId) }),
    isOurs: () => isQueueOurs(player) && !player.remote,
    isQueueOurs: () => isQueueOurs(player),
    rows: () => rowsNear(player),
    left: () => player.shared.left(),
    refused: () => player.sync.pull().catch(() => null),
  });

// Until the saved state is loaded, the state here is only a default and must not be saved.
const isQueueOurs = ({ tabs, hasRestored, isTouched }) => tabs.isOurs && (hasRestored || isTouched);

const rowsNear = (player) => {
  const ids = new Set([player.trackId, ...player.idsNear()]);
  return [player.track, ...[...ids].map((id) => player.known.get(id))].filter(Boolean);
};
