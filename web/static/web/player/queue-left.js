// The queue that another one replaced here, as it was left: the server, which keeps it among the earlier ones,
// may not have been told yet of the last change and of the place in it.

import { ApiError, send } from "./api.js";
import { isSameContents, toServer } from "./queue-contents.js";

export class QueueLeft {
  contents = null; // until the server has it

  // `before`: a snapshot of KeptQueues. Of several, the server has been told of the first one at most.
  keep({ queue, trackId, position }) {
    const contents = toServer(queue);
    const isThere = contents.track_ids[contents.index] === trackId;
    this.contents ??= { ...contents, position_s: isThere ? position : null };
  }

  forget() {
    this.contents = null;
  }

  // Before the queue that follows is sent. `known`: what the server has, or null; `base`: the QueueBase; `device`: the
  // key of this browser. Returns false if the server is away.
  async send(known, base, device) {
    const { contents } = this;
    if (!contents) return true;
    try {
      if (known && isSameContents(contents, known.contents)) await sendPlace(contents, known.number);
      else await sendWhole(contents, base, device);
    } catch (error) {
      if (!(error instanceof ApiError)) return false;
    }
    this.contents = null;
    return true;
  }
}

const sendPlace = async ({ track_ids: ids, index, position_s: position }, number) => {
  if (position === null) return;
  await send("PUT", "player/state", { current_track_id: ids[index], progress_seconds: position, queue_number: number, queue_index: index });
};

const sendWhole = async (contents, base, device) => {
  const saved = await send("PUT", "player/queue", { ...contents, ...base.toSend(), keeps_earlier: false, device });
  if (saved.is_current) base.store({ number: saved.number });
};
