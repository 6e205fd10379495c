"""The manifest: everything survives the file, what is missing is named, what cannot be meant is refused."""

from __future__ import annotations

import json
import zlib
from base64 import b64encode
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkread.alphabet import NAMED
from inkread.bundle import KEYS, Head, Manifest, RiskData
from inkread.bundle.arrays import from_text, to_text
from inkread.bundle.entries import from_entries, to_entries
from inkread.errors import BundleError, BundleTooNew
from inkread.preparation import Preparation
from tiny_bundle import tiny_manifest

JSON = ["{}", "[]", "1", "null", '{"a":{}}', '{"rows":1}', "1e999"]
ENTRIES = to_entries(tiny_manifest("abc"), "0" * 64)


def _entries(**changes: str | None) -> dict[str, str]:
    changed = {**ENTRIES, **{f"inkread.{key}": text for key, text in changes.items()}}
    return {key: text for key, text in changed.items() if text is not None}


def test_everything_survives_the_file() -> None:
    balanced = NAMED["balanced"]
    head = Head("xyz", np.arange(48).reshape(16, 3), np.array([1, 2, 3]), 1.5)
    given_ = tiny_manifest(
        balanced.characters, stands_for=balanced.stands_for, preparation=Preparation(stroke=3.1), temperature=1.25, case_weight=0.05,
        counts={"pens": {"A": 3, "Cc": 4}}, main_source="pens", recipe={"lr": 0.1, "widths": [1, 2]}, data={"pens": "ab"},
        figures={"ece": {"value": 0.01}}, head=head, name="ünï",
    )  # fmt: skip
    found = from_entries(to_entries(given_, "f" * 64))
    same = ["name", "characters", "stands_for", "preparation", "temperature", "case_weight"]
    same += ["main_source", "counts", "recipe", "data", "figures", "format"]
    assert [getattr(found, each) for each in same] == [getattr(given_, each) for each in same]
    assert found.graph_digest == "f" * 64
    assert found.alphabet == balanced
    assert np.array_equal(found.risk.logits, given_.risk.logits)
    assert np.array_equal(found.risk.targets, given_.risk.targets)
    assert found.risk.sources == given_.risk.sources
    assert found.head is not None
    assert (found.head.characters, found.head.temperature, found.answers.characters) == ("xyz", 1.5, "xyz")
    assert np.array_equal(found.head.weights, head.weights)
    assert np.array_equal(found.head.bias, head.bias)
    assert found.left_out is None


def test_every_key_is_written_and_documented() -> None:
    with_head = to_entries(tiny_manifest("abc", head=Head("ab", np.zeros((2, 2)), np.zeros(2))), "")
    assert set(with_head) == set(KEYS)


@pytest.mark.parametrize("key", sorted(set(KEYS) - {"inkread.head", "inkread.format"}))
def test_a_missing_key_is_named(key: str) -> None:
    with pytest.raises(BundleError, match=f"the bundle lacks `{key}`"):
        from_entries({other: text for other, text in ENTRIES.items() if other != key})


def test_an_onnx_file_without_a_format_is_no_bundle() -> None:
    with pytest.raises(BundleError, match=r"no bundle: its metadata lack `inkread.format`"):
        from_entries({})


def test_a_newer_format_is_told_before_anything_else() -> None:
    with pytest.raises(BundleTooNew, match="format 2, this inkread reads format 1"):
        from_entries({"inkread.format": "2"})


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"format": "one"}, "no number: 'one'"),
        ({"characters": "aab"}, "no alphabet: characters stand twice"),
        ({"stands_for": json.dumps(["a", "b", "c" * 10_000])}, "more than 10000 characters: 10002"),
        ({"recipe": '"' + "a" * 2**24 + '"'}, "longer than 16777216 characters"),
        ({"characters": "abcd"}, "no alphabet: 4 answers but 3 entries"),
        ({"stands_for": '["a","b",3]'}, "no row of texts"),
        ({"stands_for": '["a","b","\\ud800"]'}, "half a character"),
        ({"preparation": '{"version":99}'}, "unknown version of the preparation: 99"),
        ({"preparation": '{"stroke":1e999}'}, "no pictures of 28x28"),
        ({"preparation": '{"side":100000}'}, "no pictures of 28x28"),
        ({"preparation": "[]"}, "`inkread.preparation` of the bundle cannot be meant: it is no table"),
        ({"temperature": "nan"}, "temperature is not above 0"),
        ({"temperature": "0"}, "temperature is not above 0"),
        ({"temperature": "hot"}, "`inkread.temperature`"),
        ({"case_weight": "1.5"}, "case weight"),
        ({"main_source": "elsewhere"}, "no counts of the main source: elsewhere"),
        ({"counts": '{"made-up":{"a":-1}}'}, "`inkread.counts`"),
        ({"counts": '{"made-up":{"a":1.5}}'}, "`inkread.counts`"),
        ({"counts": '{"made-up":7}'}, "no table of counts"),
        ({"recipe": "[" * 100_000}, "`inkread.recipe`"),
        ({"figures": '{"a":NaN}'}, "`inkread.figures` of the bundle cannot be meant: NaN"),
        ({"head": '{"characters":"ab"}'}, "`inkread.head`"),
        ({"head": '{"characters":"ab","inputs":99999999999}'}, "`inkread.head`"),
    ],
)
def test_what_cannot_be_meant_is_refused(changes: dict[str, str], says: str) -> None:
    with pytest.raises(BundleError, match=says):
        from_entries(_entries(**changes))


def _risk(**changes: Any) -> dict[str, str]:
    return _entries(risk=json.dumps({**json.loads(ENTRIES["inkread.risk"]), **changes}))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rows": 4001}, "no whole number from 0 to 4000"),
        ({"rows": 299}, "has not its"),
        ({"classes": 4}, "has not its"),
        ({"sources": [["a", 1]]}, "do not fit together"),
        ({"sources": "a"}, "no runs"),
        ({"logits": "%%%"}, "cannot be unpacked"),
        ({"logits": b64encode(b"no zlib").decode()}, "cannot be unpacked"),
        ({"logits": None}, "is no text"),
        ({"targets": to_text(np.full(300, 3), "<i2")}, "a class or a number that cannot be"),
        ({"targets": to_text(np.full(300, -1), "<i2")}, "a class or a number that cannot be"),
        ({"logits": to_text(np.full((300, 3), np.nan), "<f2")}, "a class or a number that cannot be"),
    ],
)
def test_risk_data_that_cannot_be_meant_are_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(BundleError, match=says):
        from_entries(_risk(**changes))


def test_a_compression_bomb_is_not_unpacked() -> None:
    bomb = b64encode(zlib.compress(bytes(20 * 2**20))).decode()
    with pytest.raises(BundleError, match=r"has not its 1800 bytes: 1801\+"):
        from_text(bomb, "<f2", (300, 3))
    with pytest.raises(BundleError, match="too large"):
        from_text(bomb, "<f4", (10_000, 10_000))


def test_head_and_risk_must_fit_their_characters() -> None:
    with pytest.raises(BundleError, match="a head of 2 characters"):
        Head("ab", np.zeros((4, 3)), np.zeros(3))
    with pytest.raises(BundleError, match="risk data of 4 classes for 3 characters"):
        tiny_manifest("abc", risk=RiskData.none(4))


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(st.sampled_from(sorted(KEYS)), st.text(max_size=30) | st.sampled_from(JSON), max_size=3))
def test_any_texts_are_a_manifest_or_refused(changes: dict[str, str]) -> None:
    with suppress(BundleError):
        assert isinstance(from_entries({**ENTRIES, **changes}), Manifest)
