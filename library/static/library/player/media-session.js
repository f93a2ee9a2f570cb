// The keys, lock screens and headsets of the system: they show what plays, and steer it.

import { artworkOf } from "./player-bar.js";

export const joinMediaSession = (player) => {
  const session = navigator.mediaSession;
  if (!session) return;
  const actions = {
    play: () => player.resume(),
    pause: () => player.pause(),
    stop: () => player.pause(),
    nexttrack: () => player.next(),
    previoustrack: () => player.previous(),
    seekforward: () => player.seekBy(1),
    seekbackward: () => player.seekBy(-1),
    seekto: ({ seekTime }) => player.seek(seekTime),
  };
  for (const [action, act] of Object.entries(actions)) {
    try {
      session.setActionHandler(action, act);
    } catch {
      // This browser does not know the action.
    }
  }
  player.addEventListener("track", () => showTrack(session, player.track));
  player.addEventListener("playing", () => showState(session, player));
};

const showTrack = (session, track) => {
  session.metadata = track
    ? new MediaMetadata({ title: track.title, artist: track.artist, album: track.album, artwork: artworkOf(track) })
    : null;
};

const showState = (session, player) => {
  session.playbackState = player.trackId === null ? "none" : player.isPlaying ? "playing" : "paused";
  const { duration } = player;
  if (!duration) return;
  session.setPositionState({ duration, position: Math.min(player.position, duration), playbackRate: 1 });
};
