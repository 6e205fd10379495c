"""The metadata of an ONNX file, read and replaced without the onnx package: a walk over protobuf's top-level fields.

Only what a bundle needs is understood: a ``ModelProto`` is a row of fields, its graph is field 7, its
``metadata_props`` are fields 14, each a pair of strings (onnx.proto3, messages ModelProto and StringStringEntryProto).
Everything else is carried along byte by byte, so that editing metadata never touches the graph.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import NamedTuple

from ..errors import BundleError

GRAPH, METADATA = 7, 14
INITIALIZER, EXTERNAL_LOCATION = 5, 14

MAX_FIELDS = 20_000
"""Large networks have some thousand nodes; a message of more fields is taken for an attack on our time."""
MAX_TENSOR_FIELDS = 32

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_FIXED_SIZES = {_FIXED64: 8, _FIXED32: 4}


class Field(NamedTuple):
    """One protobuf field: ``number``, ``whole`` bytes as they stand, ``payload`` of one of bytes, ``value`` of a number."""

    number: int
    whole: memoryview
    payload: memoryview
    value: int


def fields(message: bytes | memoryview, limit: int = MAX_FIELDS) -> Iterator[Field]:
    """The fields of one protobuf message in order, without copying; :class:`BundleError` where the bytes are no message."""
    view = memoryview(message)
    at = 0
    for _ in range(limit + 1):
        if at == len(view):
            return
        tag, start = _varint(view, at)
        number, wire = tag >> 3, tag & 7
        value = 0
        if wire == _VARINT:
            value, end = _varint(view, start)
            start = end
        elif wire == _BYTES:
            size, start = _varint(view, start)
            end = start + size
        elif wire in _FIXED_SIZES:
            start = end = start + _FIXED_SIZES[wire]
        else:
            raise BundleError(f"this is no ONNX file: unknown kind of field at byte {at}")
        if not number or end > len(view):
            raise BundleError(f"this is no whole ONNX file: it ends in the middle of the field at byte {at}")
        yield Field(number, view[at:end], view[start:end], value)
        at = end
    raise BundleError(f"this is no ONNX file: more than {limit} fields in one message")


def _varint(view: memoryview, at: int) -> tuple[int, int]:
    """The number that starts at this byte, and the byte after it; at most 64 bits, as protobuf has it."""
    value = 0
    for shift in range(0, 70, 7):
        if at >= len(view):
            raise BundleError(f"this is no whole ONNX file: it ends in the middle of a number at byte {at}")
        byte = view[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
    raise BundleError(f"this is no ONNX file: a number of more than 64 bits at byte {at}")


def encode_varint(value: int) -> bytes:
    """Protobuf's encoding of a number of at least 0."""
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def encode_bytes(number: int, payload: bytes) -> bytes:
    """Protobuf's encoding of one field of bytes, a string or a message."""
    return encode_varint(number << 3 | _BYTES) + encode_varint(len(payload)) + payload


def read_metadata(model: bytes) -> dict[str, str]:
    """All metadata of an ONNX file; :class:`BundleError` for a file that is none, and for a key that stands twice."""
    entries: dict[str, str] = {}
    graphs = 0
    for field in fields(model):
        graphs += field.number == GRAPH
        if field.number == METADATA:
            key, value = _entry(field.payload)
            if key in entries:
                raise BundleError(f"a key stands twice in the metadata: {key}")
            entries[key] = value
    if graphs != 1:
        raise BundleError(f"this is no ONNX file: it must hold one graph, and there are {graphs}")
    return entries


def _entry(payload: memoryview) -> tuple[str, str]:
    parts = {field.number: field.payload for field in fields(payload)}
    try:
        return str(parts.get(1, b""), "utf-8"), str(parts.get(2, b""), "utf-8")
    except UnicodeDecodeError:
        raise BundleError("the metadata is no text") from None


def replace_metadata(model: bytes, entries: Mapping[str, str], prefix: str) -> bytes:
    """The same ONNX file with these metadata in place of all whose key starts with ``prefix``; the others stay."""
    kept = [each.whole for each in fields(model) if each.number != METADATA or not _entry(each.payload)[0].startswith(prefix)]
    ours = [encode_bytes(METADATA, encode_bytes(1, key.encode()) + encode_bytes(2, value.encode())) for key, value in entries.items()]
    return b"".join([*kept, *ours])


def graph_digest(model: bytes) -> str:
    """SHA-256, in hexadecimal, of everything in an ONNX file but its metadata."""
    digest = sha256()
    for field in fields(model):
        if field.number != METADATA:
            digest.update(field.whole)
    return digest.hexdigest()


def keeps_weights_elsewhere(model: bytes) -> bool:
    """Whether an initialiser of the graph points to another file (ONNX's external data)."""
    for field in fields(model):
        if field.number != GRAPH:
            continue
        for member in fields(field.payload):
            if member.number != INITIALIZER:
                continue
            if any(part.number == EXTERNAL_LOCATION and part.value for part in fields(member.payload, MAX_TENSOR_FIELDS)):
                return True
    return False
