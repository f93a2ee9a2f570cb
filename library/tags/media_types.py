"""The suffixes of audio files, and the media type (MIME type) of each suffix."""

MIME_TYPES = {
    ".mp3": "audio/mpeg",
    ".flac": "audio/flac",
    ".ogg": "audio/ogg",
    ".oga": "audio/ogg",
    ".opus": "audio/ogg",
    ".spx": "audio/ogg",
    ".m4a": "audio/mp4",
    ".m4b": "audio/mp4",
    ".mp4": "audio/mp4",
    ".aac": "audio/aac",
    ".wav": "audio/wav",
    ".aiff": "audio/aiff",
    ".aif": "audio/aiff",
    ".aifc": "audio/aiff",
    ".wma": "audio/x-ms-wma",
    ".ape": "audio/x-monkeys-audio",
    ".wv": "audio/x-wavpack",
    ".mpc": "audio/x-musepack",
    ".mp+": "audio/x-musepack",
    ".mpp": "audio/x-musepack",
    ".tta": "audio/x-tta",
    ".dsf": "audio/x-dsf",
}
AUDIO_SUFFIXES = frozenset(MIME_TYPES)
