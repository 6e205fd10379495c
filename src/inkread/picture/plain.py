"""The short road of plain small PNGs and JPEGs: a few bytes of header are looked at here, then Pillow's own decoders unpack the pixels.

Pillow's classes for whole files take more than half of a small JPEG's time, for metadata that plain pictures do not have.
"""

from __future__ import annotations

from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

LARGEST = 1 << 16
"""Pixels above which the time for metadata is next to nothing."""

LONGEST = 1 << 16
"""Bytes of a file above which the same holds, and which Pillow's classes would give to a decoder in several pieces."""

_FRAMES = (0xC0, 0xC1, 0xC2)
"""The JPEG markers of a frame that is coded by Huffman: baseline, extended, progressive."""

_TABLES = (0xC4, 0xDB, 0xDD, 0xE0, 0xFE)
"""JPEG markers that do not change what a picture means: Huffman and quantisation tables, restarts, JFIF, a comment."""

_JPEG_MODES = {1: "L", 3: "RGB"}
_PNG_MODES = {0: "L", 2: "RGB", 4: "LA", 6: "RGBA"}
_PASSED = {b"pHYs": 9, b"gAMA": 4, b"sRGB": 1, b"cHRM": 32, b"tIME": 7}
"""PNG chunks, with their lengths, that Pillow reads and that change no pixel."""

_Header = tuple[str, int, int, bytes]
"""The mode of Pillow that its decoder gives, width, height, and what the decoder is to be fed."""


def plain_pixels(data: bytes, kind: str, max_pixels: int) -> NDArray[np.uint8] | None:
    """The pixels (H,W) or (H,W,2|3|4) of a small PNG or JPEG whose header holds nothing that could change what they mean.

    None for all others: with rotation, profile, palette, transparent colour, other depths than 8 bits, interlaced,
    animated, larger than ``max_pixels`` or :data:`LARGEST`, damaged in any way. What is given is what Pillow's
    classes give, but grey pictures that are stored as RGB come as (H,W).
    """
    if len(data) > LONGEST:
        return None
    try:
        header = _png(data) if kind == "PNG" else _jpeg(data) if kind == "JPEG" else None
    except IndexError:  # cut off inside the header
        return None
    if header is None or not 0 < header[1] * header[2] <= min(max_pixels, LARGEST):
        return None
    from PIL import Image

    mode, width, height, packed = header
    decoder: tuple[Any, ...] = ("zip", mode) if kind == "PNG" else ("jpeg", mode, "")
    try:
        unpacked = Image.frombytes(mode, (width, height), packed, *decoder).tobytes()
    except (ValueError, OSError):  # damaged or cut off: the long road says how
        return None
    if mode == "RGB" and (red := unpacked[::3]) == unpacked[1::3] == unpacked[2::3]:
        mode, unpacked = "L", red
    pixels = np.frombuffer(unpacked, np.uint8)
    return pixels.reshape((height, width) if mode == "L" else (height, width, len(mode)))


def _jpeg(data: bytes) -> _Header | None:
    """Markers up to the first scan (ITU-T T.81, annex B): one frame of 8 bits, tables, and nothing else."""
    at, frame = 2, b""
    while True:
        marker, length = data[at + 1], data[at + 2] << 8 | data[at + 3]
        if data[at] != 0xFF or length < 2:
            return None
        if marker == 0xDA:
            break
        if marker in _FRAMES and not frame and length >= 8:
            frame = data[at + 4 : at + 10]
        elif marker not in _TABLES:
            return None
        at += 2 + length
    if not frame or frame[0] != 8 or frame[5] not in _JPEG_MODES:
        return None
    return _JPEG_MODES[frame[5]], frame[3] << 8 | frame[4], frame[1] << 8 | frame[2], data


def _png(data: bytes) -> _Header | None:
    """Chunks up to the end (PNG specification, third edition, section 5): the header, pixels, and what changes none of them."""
    header, packed, at, ended = data[16:29], [], 33, 0
    if data[8:16] != b"\0\0\0\rIHDR" or header[8] != 8 or header[9] not in _PNG_MODES or header[10:13] != b"\0\0\0":
        return None
    if not _is_whole(data, 8, 13):
        return None
    while (name := data[at + 4 : at + 8]) != b"IEND":
        length = int.from_bytes(data[at : at + 4])
        if name == b"IDAT" and ended in (0, at):
            packed.append(data[at + 8 : at + 8 + length])
            ended = at + 12 + length
        elif _PASSED.get(name) != length or not _is_whole(data, at, length):
            return None
        at += 12 + length
    pixels = packed[0] if len(packed) == 1 else b"".join(packed)
    return _PNG_MODES[header[9]], int.from_bytes(header[:4]), int.from_bytes(header[4:8]), pixels


def _is_whole(data: bytes, at: int, length: int) -> bool:
    """Whether the chunk that begins at ``at`` has the checksum that stands behind it."""
    end = at + 8 + length
    return crc32(data[at + 4 : end]) == int.from_bytes(data[end : end + 4])
