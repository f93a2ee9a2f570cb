#!/bin/sh
# Makes the samples of this folder: half a second of a quiet tone, in every format mus plays.
#
# Wants ffmpeg and mpcenc (Debian packages: ffmpeg, musepack-tools) and python3. Nothing needs to
# run it again: the samples are in the repository. It is here to say what is in them.
set -eu
cd "$(dirname "$0")"

tone() { # tone RATE CHANNELS FILE [OUTPUT OPTION ...]
    rate=$1 channels=$2 file=$3
    shift 3
    ffmpeg -nostdin -loglevel error -y \
        -f lavfi -i "sine=frequency=440:sample_rate=$rate:duration=0.5,volume=-30dB" \
        -ac "$channels" -map_metadata -1 -fflags +bitexact -flags:a +bitexact "$@" "$file"
}

tone 44100 2 silence.mp3 -c:a libmp3lame -b:a 64k -id3v2_version 0
tone 44100 1 silence.flac -c:a flac -sample_fmt s16
tone 44100 1 silence.ogg -c:a libvorbis -q:a 0
tone 44100 1 silence.oga -c:a flac -sample_fmt s16 -f ogg
tone 48000 1 silence.opus -c:a libopus -b:a 24k
tone 16000 1 silence.spx -c:a libspeex
tone 44100 1 silence.m4a -c:a aac -b:a 32k -f ipod
tone 44100 1 silence.alac.m4a -c:a alac -sample_fmt s16p -f ipod
tone 44100 1 silence.m4b -c:a aac -b:a 32k -f ipod -brand "M4B "
tone 44100 2 silence.mp4 -c:a aac -b:a 32k -f mp4
tone 44100 1 silence.aac -c:a aac -b:a 32k -f adts
tone 8000 1 silence.wav -c:a pcm_s16le
tone 8000 1 silence.aiff -c:a pcm_s16be
tone 8000 1 silence.aifc -c:a pcm_s16le -f aiff
tone 44100 1 silence.wma -c:a wmav2 -b:a 32k
tone 44100 1 silence.asf -c:a wmav2 -b:a 32k
tone 44100 1 silence.mp2 -c:a mp2 -b:a 64k
tone 48000 1 silence.mka -c:a flac -sample_fmt s16
tone 48000 1 silence.webm -c:a libopus -b:a 24k
tone 44100 1 silence.wv -c:a wavpack -sample_fmt s16p
tone 44100 1 silence.tta -c:a tta

# Musepack of today (stream version 8) has its own encoder.
tone 44100 2 tone.wav -c:a pcm_s16le
mpcenc --silent --overwrite tone.wav silence.mpc
rm tone.wav

# A film without a sound track, and a picture of each kind.
ffmpeg -nostdin -loglevel error -y -f lavfi -i "color=c=navy:s=32x32:r=5:d=0.4" \
    -an -c:v mpeg4 -fflags +bitexact -flags:v +bitexact film.mp4
ffmpeg -nostdin -loglevel error -y -f lavfi -i "color=c=teal:s=32x32" -frames:v 1 \
    -fflags +bitexact -flags:v +bitexact cover.jpg
ffmpeg -nostdin -loglevel error -y -f lavfi -i "color=c=maroon:s=24x24" -frames:v 1 \
    -fflags +bitexact -flags:v +bitexact cover.png

# Ten seconds in many pages, and the same with a film of one picture, as ffmpeg keeps a cover.
long_tone() { # long_tone FILE [OUTPUT OPTION ...]
    file=$1
    shift
    ffmpeg -nostdin -loglevel error -y \
        -f lavfi -i "sine=frequency=440:sample_rate=16000:duration=10" -i cover.jpg \
        -page_duration 500000 -fflags +bitexact -flags +bitexact "$@" "$file"
}
long_tone tone.ogg -map 0 -c:a libvorbis -q:a -1 -metadata:s:a title=Tone
long_tone tone.opus -map 0 -c:a libopus -b:a 8k -metadata:s:a title=Tone
long_tone theora.ogg -map 1 -map 0 -c:v libtheora -c:a libvorbis -q:a -1 \
    -metadata:s:v title=Film -metadata:s:v artist=Film

# What no free encoder writes: silence.ape, silence.mp+ (Musepack stream version 7), silence.dsf,
# silence.dff.
python3 handmade.py
