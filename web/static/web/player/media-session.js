// Connects the player with the system's media keys, lock screen and headsets (Media Session API).

import { artworkOf } from "./cover.js";
import { coverOf } from "./player-bar.js";

const STEP_SECONDS = 10;
// The lock screen of iOS has one pair of buttons, and would take those that seek for it.
const hasOnePair = navigator.maxTouchPoints > 1 && /^Apple/.test(navigator.vendor);

export const joinMediaSession = (player) => {
  const session = navigator.mediaSession;
  if (!session) return;
  const actions = {
    play: () => player.resume(),
    pause: () => player.pause(),
    stop: () => player.pause(),
    nexttrack: () => player.next(),
    previoustrack: () => player.previous(),
    seekforward: hasOnePair ? null : ({ seekOffset }) => player.seek(player.position + (seekOffset ?? STEP_SECONDS)),
    seekbackward: hasOnePair ? null : ({ seekOffset }) => player.seek(Math.max(0, player.position - (seekOffset ?? STEP_SECONDS))),
    seekto: ({ seekTime }) => player.seek(seekTime),
  };
  for (const [action, act] of Object.entries(actions)) {
    try {
      session.setActionHandler(action, act);
    } catch {
      // This browser does not support the action.
    }
  }
  player.addEventListener("track", () => showTrack(session, player.track));
  // Report the position only when it jumps or the duration changes: in between the system counts
  // itself.
  let shownLength = null;
  const show = () => {
    shownLength = player.duration;
    showState(session, player);
  };
  for (const type of ["track", "playing"]) player.addEventListener(type, show);
  player.addEventListener("time", () => player.duration !== shownLength && show());
};

const showTrack = (session, track) => {
  session.metadata = track
    ? new MediaMetadata({ title: track.title, artist: track.artist, album: track.album, artwork: artworkOf(coverOf(track)) })
    : null;
};

const showState = (session, player) => {
  session.playbackState = player.trackId === null ? "none" : player.isPlaying ? "playing" : "paused";
  const { duration } = player;
  const position = Math.min(player.position, duration);
  session.setPositionState(duration && player.trackId !== null ? { duration, position, playbackRate: 1 } : {});
};
