// Connects the player, or the radio while a station is chosen, with the system's media keys, lock screen
// and headsets (Media Session API).

import { artworkOf } from "./cover.js";
import { coverOf } from "./player-bar.js";

const STEP_SECONDS = 10;
// The lock screen of iOS has one pair of buttons, and would take those that seek for it.
const hasOnePair = navigator.maxTouchPoints > 1 && /^Apple/.test(navigator.vendor);

export const joinMediaSession = (player, radio) => {
  const session = navigator.mediaSession;
  if (!session) return;
  const inQueue = (act) => (details) => radio.station || act(details);
  const actions = {
    play: () => (radio.station ? radio : player).resume(),
    pause: () => (radio.station ? radio : player).pause(),
    stop: () => (radio.station ? radio.stop() : player.pause()),
    nexttrack: inQueue(() => player.next()),
    previoustrack: inQueue(() => player.previous()),
    seekforward: hasOnePair ? null : inQueue(({ seekOffset }) => player.seek(player.position + (seekOffset ?? STEP_SECONDS))),
    seekbackward: hasOnePair ? null : inQueue(({ seekOffset }) => player.seek(Math.max(0, player.position - (seekOffset ?? STEP_SECONDS)))),
    seekto: inQueue(({ seekTime }) => player.seek(seekTime)),
  };
  for (const [action, act] of Object.entries(actions)) {
    try {
      session.setActionHandler(action, act);
    } catch {
      // This browser does not support the action.
    }
  }
  const showName = () => showTrack(session, radio.station ? { title: radio.station.name } : player.track);
  // Report the position only when it jumps or the duration changes: in between the system counts
  // itself.
  let shownLength = null;
  const show = () => {
    shownLength = player.duration;
    showState(session, player, radio);
  };
  player.addEventListener("track", showName);
  radio.addEventListener("change", showName);
  for (const type of ["track", "playing"]) player.addEventListener(type, show);
  radio.addEventListener("change", show);
  player.addEventListener("time", () => player.duration !== shownLength && show());
};

const showTrack = (session, track) => {
  session.metadata = track
    ? new MediaMetadata({ title: track.title, artist: track.artist, album: track.album, artwork: artworkOf(coverOf(track)) })
    : null;
};

const showState = (session, player, { station, isPlaying }) => {
  const sounds = station ? isPlaying : player.isPlaying;
  session.playbackState = !station && player.trackId === null ? "none" : sounds ? "playing" : "paused";
  const { duration } = player;
  const position = Math.min(player.position, duration);
  session.setPositionState(duration && player.trackId !== null && !station ? { duration, position, playbackRate: 1 } : {});
};
