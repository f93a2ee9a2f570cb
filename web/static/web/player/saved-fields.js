// The state of the player in the format of the API's `player/state`, and back.

export const stateOf = (saved) => ({
  trackId: saved.current_track_id,
  position: saved.progress_seconds,
  volume: saved.volume_level,
  isMuted: saved.is_muted,
  repeat: saved.is_repeat ? (saved.is_repeat_one ? "one" : "all") : "none",
  isShuffled: saved.is_shuffle,
});

export const savedFields = ({ trackId, position, volume, isMuted, isShuffled, repeat }) => ({
  current_track_id: trackId,
  progress_seconds: Math.round(position * 10) / 10,
  volume_level: volume,
  is_muted: isMuted,
  is_shuffle: isShuffled,
  is_repeat: repeat !== "none",
  is_repeat_one: repeat === "one",
});
