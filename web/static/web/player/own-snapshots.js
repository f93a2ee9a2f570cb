// Brings the player of this tab to what was kept of it, or to what another browser has: a state with
// track, position and modes, or a queue. `own` is the OwnPlayer.

// Load the track paused at `position`, with the given modes.
export const restoreState = (own, { trackId, position, ...modes }) => {
  own.restoreModes(modes);
  if (trackId === null) return;
  if (own.queue.currentId !== trackId) findInQueue(own, trackId);
  const { isOver } = own.queue;
  own.load(trackId, position);
  own.isUnheard = true;
  own.queue.setOver(isOver);
};

// Restore a kept queue with its track and position. With `goesOn` the track that plays now is not
// interrupted, if the kept queue has it too.
export const bringBackQueue = (own, { queue, trackId, position, isPlaying }, goesOn = false) => {
  const { trackId: playing } = own;
  own.queue.restore(queue);
  own.modesChanged();
  if (goesOn && own.queue.entries.some(({ id }) => id === playing)) {
    if (own.queue.currentId !== playing) findInQueue(own, playing);
    own.tell("track");
    return;
  }
  own.failures = 0;
  if (trackId === null && !own.queue.length) own.unload();
  else if (trackId === null) own.loadFirst();
  else restoreState(own, { ...own.state, isShuffled: own.isShuffled, trackId, position });
  if (isPlaying) own.playback.play();
};

// Take over the queue as another browser left it; see PlayQueue.restore. What plays here goes on,
// unless it was removed from the queue: then the next track does.
export const takeOverQueue = (own, saved) => {
  const { trackId, queue } = own;
  const followingId = queue.entries[queue.position + 1]?.id;
  queue.restore(saved);
  own.modesChanged();
  if (queue.currentId === trackId) return;
  const index = queue.nearest(trackId);
  if (index >= 0) queue.standAt(index);
  else if (followingId !== undefined && queue.currentId === followingId) own.startCurrent();
  else queue.visit(trackId);
};

// Nothing plays here: show what another browser played last.
export const standWhere = (own, { trackId, position, ...modes }) => {
  own.restoreModes(modes);
  if (trackId === null) own.unload();
  else if (trackId !== own.trackId) restoreState(own, { ...modes, trackId, position });
  else if (Math.abs(position - own.playback.position) > 1) own.playback.seek(position);
};

const findInQueue = (own, trackId) => {
  const index = own.queue.entries.findIndex(({ id }) => id === trackId);
  if (index >= 0) own.queue.jump(index);
  else own.queue.visit(trackId);
};
