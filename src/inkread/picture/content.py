"""What bytes are, told from the bytes alone: the picture formats that inkread reads, and what else a file may be."""

from __future__ import annotations

PICTURE_SUFFIXES = frozenset((".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".dib", ".tif", ".tiff", ".webp", ".gif"))
"""Suffixes in lower case under which pictures go; a file counts as a picture when its first bytes or its suffix say so."""

_PNG = b"\x89PNG\r\n\x1a\n"
_BMP_HEADER_SIZES = (12, 16, 40, 52, 56, 64, 108, 124)
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")

_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip archive"),
    (b"PK\x05\x06", "an empty zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x93NUMPY", "a NumPy array"),
    (b"\x89HDF", "an HDF5 file"),
    (b"PAR1", "a Parquet file"),
    (b"8BPS", "a Photoshop picture"),
    (b"\0\0\1\0", "an icon (ICO)"),
    (b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture"),
    (b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (b"\xff\x0a", "a JPEG XL picture"),
    (b"version https://git-lfs", "a Git LFS pointer, which stands for a file that was not fetched"),
)
_FTYP = {b"heic": "a HEIC photo", b"heix": "a HEIC photo", b"hevc": "a HEIC photo", b"heim": "a HEIC photo", b"heis": "a HEIC photo"}
_FTYP |= {b"mif1": "a HEIC photo", b"msf1": "a HEIC photo", b"avif": "an AVIF picture", b"avis": "an AVIF picture"}
_CONVERT = "convert it to PNG or JPEG first"


def format_of(head: bytes) -> str | None:
    """The format that the first bytes announce: PNG, JPEG, GIF, WebP, TIFF, BMP, or None.

    ``head``: the first 32 bytes of a file, or more.
    """
    if head.startswith(_PNG):
        return "PNG"
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith((b"GIF87a", b"GIF89a")):
        return "GIF"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WebP"
    if head.startswith(_TIFF):
        return "TIFF"
    if head.startswith(b"BM") and len(head) >= 18 and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES:
        return "BMP"
    return None


def is_picture(head: bytes) -> bool:
    """Whether the first bytes (32 are enough) are those of a picture format that :func:`decode` reads."""
    return format_of(head) is not None


def looks_like(data: bytes) -> tuple[str, str]:
    """What bytes that are no picture look like ("a PDF", "a text file"), and a hint with the way out (may be empty)."""
    for start, name in _OTHERS:
        if data.startswith(start):
            return name, _way_out(name)
    if data[4:8] == b"ftyp":
        name = _FTYP.get(data[8:12], "a film or sound (MP4)")
        return name, _way_out(name)
    if not data.strip(b"\0"):
        return "nothing but zero bytes", "copy it again: it was not written to the end"
    return _marked_or_plain(data)


def _way_out(name: str) -> str:
    if name.endswith(("picture", "photo", "(ICO)")):
        return _CONVERT
    if name == "a PDF":
        return "save its pages as pictures first"
    if name.endswith("zip archive"):
        return "give the zip itself to `inkread read`: it is read whole"
    return ""


def _marked_or_plain(data: bytes) -> tuple[str, str]:
    start = data[:4096]
    words = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if words.startswith((b"<!doctype html", b"<html")):
        return "a web page (HTML)", "the download saved a page instead of the picture: fetch it again"
    if words.startswith((b"<?xml", b"<svg", b"<!--", b"<!doctype svg")):
        return ("an SVG", _CONVERT) if b"<svg" in words else ("an XML file", "")
    if len(start) > 3 and start[:1] == b"P" and start[1:2] in b"123456" and start[2:3] in b" \t\r\n":
        return "a PNM picture", _CONVERT
    if _is_text(start):
        return "a text file", ""
    return f"no format known here (first bytes {start[:8].hex(' ')})", "PNG, JPEG, BMP, TIFF, WebP and GIF are read"


def _is_text(start: bytes) -> bool:
    if start.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        text = start.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(start) - 3:
            return False
        text = start[: error.start].decode("utf-8")
    return all(each.isprintable() or each in "\t\r\n\f" for each in text)
