"""Writes the samples of formats for which there is no free encoder. They decode to silence.

- Monkey's Audio 3.99: the descriptor, header and frame layout of the Monkey's Audio SDK
  (APEInfo.h, APE_DESCRIPTOR and APE_HEADER). Its one frame is marked as silent, so it holds no
  coded samples.
- Musepack stream version 7: the header and frame layout of libmpcdec's SV7 streaminfo.
- DSF: "DSF File Format Specification" 1.01, Sony 2005.
- DSDIFF: "DSDIFF 1.5", Philips 2004.
"""

import struct
import zlib
from pathlib import Path

FOLDER = Path(__file__).parent


def monkeys_audio() -> bytes:
    samples = 22050
    mono_silence, create_wav_header, fast = 1, 32, 1000
    has_special_code = 0x80000000
    checksum = zlib.crc32(bytes(2 * samples)) >> 1 | has_special_code
    frame = struct.pack("<II", checksum, mono_silence) + bytes(16)
    descriptor_size, header_size, seek_table_size = 52, 24, 4
    start = descriptor_size + header_size + seek_table_size
    descriptor = struct.pack(
        "<4sHH7I16s",
        *(b"MAC ", 3990, 0, descriptor_size, header_size, seek_table_size),
        *(0, len(frame), 0, 0, bytes(16)),
    )
    header = struct.pack("<HHIIIHHI", fast, create_wav_header, 73728, samples, 1, 16, 1, 44100)
    return descriptor + header + struct.pack("<I", start) + frame


def musepack_7() -> bytes:
    frames, samples_in_last = 20, 162
    highest_band, profile_standard, sample_rate_44100 = 0, 10, 0
    header = struct.pack(
        "<3sBIIHHHHI",
        *(b"MP+", 7, frames),
        highest_band << 24 | profile_standard << 20 | sample_rate_44100 << 16,
        *(0, 0, 0, 0),
        1 << 31 | samples_in_last << 20,
    )
    encoder_version = f"{0:08b}"
    silent_frame = f"{8:020b}" + f"{0:08b}"  # its length in bits; band 0 left and right unused
    bits = encoder_version + silent_frame * frames + f"{samples_in_last:011b}"
    words = [bits[at : at + 32].ljust(32, "0") for at in range(0, len(bits), 32)]
    return header + struct.pack(f"<{len(words)}I", *(int(word, 2) for word in words))


def dsf() -> bytes:
    block_size, silence = 4096, b"\x69"
    data = struct.pack("<4sQ", b"data", 12 + block_size) + silence * block_size
    mono, channels, one_bit = 1, 1, 1
    form = struct.pack(
        "<4sQ6IQII",
        *(b"fmt ", 52, 1, 0, mono, channels, 2822400, one_bit),
        *(8 * block_size, block_size, 0),
    )
    total = 28 + len(form) + len(data)
    return struct.pack("<4sQQQ", b"DSD ", 28, total, 0) + form + data


def dsdiff() -> bytes:
    def chunk(name: bytes, *contents: bytes) -> bytes:
        data = b"".join(contents)
        return name + struct.pack(">Q", len(data)) + data + bytes(len(data) % 2)

    properties = (
        chunk(b"FS  ", struct.pack(">I", 2822400)),
        chunk(b"CHNL", struct.pack(">H", 1), b"C000"),
        chunk(b"CMPR", b"DSD ", b"\x0enot compressed"),
    )
    silence = b"\x69" * 4096
    version = chunk(b"FVER", bytes.fromhex("01050000"))
    return chunk(
        b"FRM8", b"DSD ", version, chunk(b"PROP", b"SND ", *properties), chunk(b"DSD ", silence)
    )


def main() -> None:
    (FOLDER / "silence.ape").write_bytes(monkeys_audio())
    (FOLDER / "silence.mp+").write_bytes(musepack_7())
    (FOLDER / "silence.dsf").write_bytes(dsf())
    (FOLDER / "silence.dff").write_bytes(dsdiff())


if __name__ == "__main__":
    main()
