// Says why a track could not be played, as a clause for people.

import { filled, gettext } from "./translation.js";

// The names of codecs for people; the keys are the values of `codec` in the API.
const NAMES = {
  aac: "AAC", ac3: "AC-3", adpcm: "ADPCM", alac: "ALAC", alaw: "A-law", ape: "Monkey's Audio", atrac3: "ATRAC3",
  dsd: "DSD", dts: "DTS", eac3: "E-AC-3", flac: "FLAC", gsm: "GSM", matroska: "Matroska", mp1: "MP1", mp2: "MP2",
  mp3: "MP3", mulaw: "µ-law", musepack: "Musepack", opus: "Opus", pcm: "PCM", speex: "Speex", truehd: "TrueHD",
  tta: "TTA", vorbis: "Vorbis", wavpack: "WavPack", wma: "WMA", wmalossless: "WMA Lossless", wmapro: "WMA Pro",
  wmavoice: "WMA Voice",
};
// For canPlayType. The container alone says too little: browsers answer "maybe" for any audio/mp4.
const TYPES = {
  ac3: 'audio/mp4; codecs="ac-3"',
  adpcm: 'audio/wav; codecs="2"',
  alac: 'audio/mp4; codecs="alac"',
  dts: 'audio/wav; codecs="2001"',
  eac3: 'audio/mp4; codecs="ec-3"',
  gsm: 'audio/wav; codecs="31"',
  wma: "audio/x-ms-wma",
};
// What Chromium and Firefox say if they can open the container but have no decoder for the codec.
const NO_DECODER = /NO_SUPPORTED_STREAMS|Failed to init decoder/;
// What Firefox says if the system has no sound output, such as headphones that were unplugged.
const NO_OUTPUT = /MediaSink|MEDIASINK/;

// No other track could be heard either.
export const hasNoOutput = (mediaError) => NO_OUTPUT.test(mediaError);

// `status` and `type`: of the server's response for the file. `codec`: the API's value; "" if it is
// not known. `mediaError`: the message of the browser's MediaError.
export const reasonOf = ({ status, type, codec, mediaError }) => {
  if (status === 404) return gettext("the file is missing");
  if (status !== 200) return filled(gettext("the server answers %(status)s"), { status });
  if (hasNoOutput(mediaError)) return gettext("this browser finds no sound output");
  if (canPlay(type, codec) && !NO_DECODER.test(mediaError)) return gettext("the file is damaged");
  return filled(gettext("this browser cannot play %(format)s"), { format: nameOf(type, codec) });
};

const canPlay = (type, codec) => {
  const audio = new Audio();
  return Boolean(audio.canPlayType(type) && audio.canPlayType(TYPES[codec] ?? type));
};

const nameOf = (type, codec) => (type === "audio/aiff" ? "AIFF" : (NAMES[codec] ?? (codec.toUpperCase() || type)));
