// Says why a track could not be played, as a clause for people.

// The names of codecs for people; the keys are the values of `codec` in the API.
const NAMES = {
  aac: "AAC", ac3: "AC-3", adpcm: "ADPCM", alac: "ALAC", ape: "Monkey's Audio", dsd: "DSD", eac3: "E-AC-3",
  flac: "FLAC", mp2: "MP2", mp3: "MP3", musepack: "Musepack", opus: "Opus", speex: "Speex", tta: "TTA",
  vorbis: "Vorbis", wavpack: "WavPack", wma: "WMA",
};
// For canPlayType. The container alone says too little: browsers answer "maybe" for any audio/mp4.
const TYPES = {
  ac3: 'audio/mp4; codecs="ac-3"',
  adpcm: 'audio/wav; codecs="2"',
  alac: 'audio/mp4; codecs="alac"',
  eac3: 'audio/mp4; codecs="ec-3"',
  wma: "audio/x-ms-wma",
};
// Chromium's message if it can open the container but has no decoder for the codec.
const NO_DECODER = "NO_SUPPORTED_STREAMS";

// `status` and `type`: of the server's response for the file. `codec`: the API's value; "" if it is
// not known. `mediaError`: the message of the browser's MediaError.
export const reasonOf = ({ status, type, codec, mediaError }) => {
  if (status === 404) return "the file is missing";
  if (status !== 200) return `the server answers ${status}`;
  if (canPlay(type, codec) && !mediaError.includes(NO_DECODER)) return "the file is damaged";
  return `this browser cannot play ${nameOf(type, codec)}`;
};

const canPlay = (type, codec) => {
  const audio = new Audio();
  return Boolean(audio.canPlayType(type) && audio.canPlayType(TYPES[codec] ?? type));
};

const nameOf = (type, codec) => (type === "audio/aiff" ? "AIFF" : (NAMES[codec] ?? (codec.toUpperCase() || type)));
