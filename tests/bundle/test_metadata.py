"""The protobuf walker: it reads what the onnx package writes, changes nothing else, and survives any bytes."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkread.bundle import Bundle, parse
from inkread.bundle.metadata import encode_bytes, encode_varint, fields, graph_digest, read_metadata, replace_metadata
from inkread.errors import BundleError
from tiny_bundle import make_tiny_bundle, random_model

MODEL = random_model(3, features=2)
BUNDLE = make_tiny_bundle("abc", model=MODEL).model


def test_what_is_written_is_read() -> None:
    written = replace_metadata(MODEL, {"inkread.a": "1", "inkread.empty": "", "other.ü": "日本\n"}, "inkread.")
    assert read_metadata(written) == {"inkread.a": "1", "inkread.empty": "", "other.ü": "日本\n"}


def test_replacing_keeps_foreign_metadata_and_every_byte_of_the_graph() -> None:
    first = replace_metadata(MODEL, {"other": "stays", "inkread.old": "goes"}, "inkread.")
    second = replace_metadata(first, {"inkread.new": "comes"}, "inkread.")
    assert read_metadata(second) == {"other": "stays", "inkread.new": "comes"}
    assert graph_digest(second) == graph_digest(MODEL)
    assert second.startswith(MODEL)


def test_the_digest_tells_one_changed_weight() -> None:
    changed = bytearray(MODEL)
    changed[-200] ^= 1
    assert graph_digest(bytes(changed)) != graph_digest(MODEL)


@pytest.mark.parametrize("number", [0, 1, 127, 128, 300, 2**32, 2**63])
def test_numbers_survive_their_encoding(number: int) -> None:
    (field,) = fields(encode_varint(5 << 3) + encode_varint(number))
    assert (field.number, field.value) == (5, number)


def test_a_key_that_stands_twice_is_refused() -> None:
    entry = encode_bytes(14, encode_bytes(1, b"k") + encode_bytes(2, b"v"))
    with pytest.raises(BundleError, match="twice in the metadata: k"):
        read_metadata(MODEL + entry + entry)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "one graph, and there are 0"),
        (MODEL + MODEL, "one graph, and there are 2"),
        (b"hello, this is text", "no ONNX file"),
        (b"PK\x03\x04\x14\x00\x00\x00", "no ONNX file|no whole ONNX file"),
        (MODEL[:-1], "no whole ONNX file"),
        (b"\x3a" + b"\xff" * 9 + b"\x01", "no whole ONNX file"),
        (b"\x08" + b"\xff" * 11, "more than 64 bits"),
        (b"\x08\x01" * 30_000, "more than 20000 fields"),
        (encode_bytes(7, b"g") + encode_bytes(14, encode_bytes(1, b"\xff")), "no text"),
    ],
)
def test_other_files_are_refused_in_one_sentence(data: bytes, says: str) -> None:
    with pytest.raises(BundleError, match=says):
        read_metadata(data)


def test_the_onnx_package_agrees() -> None:
    onnx = pytest.importorskip("onnx")
    loaded = onnx.load_from_string(BUNDLE)
    onnx.checker.check_model(loaded, full_check=True)
    assert {each.key: each.value for each in loaded.metadata_props} == read_metadata(BUNDLE)
    assert read_metadata(loaded.SerializeToString()) == read_metadata(BUNDLE)


def _parsed_or_refused(data: bytes) -> None:
    with suppress(BundleError):
        assert isinstance(parse(data), Bundle)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_are_a_bundle_or_refused(data: bytes) -> None:
    _parsed_or_refused(data)
    _parsed_or_refused(MODEL + data)


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(BUNDLE) - 1), st.binary(min_size=1, max_size=8), st.booleans())
def test_damaged_bundles_are_refused(at: int, noise: bytes, cut: bool) -> None:
    _parsed_or_refused(BUNDLE[:at] + noise + (b"" if cut else BUNDLE[at + len(noise) :]))
