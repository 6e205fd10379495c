"""Curves as a picture and in a notebook."""

from __future__ import annotations

import sys
from base64 import b64decode
from dataclasses import replace

import numpy as np
import pytest

from inkread.errors import MissingExtra
from inkread.picture import decode
from inkread.report import Curve, Curves


def curves(*runs: str, parts: tuple[str, ...] = ("train", "val")) -> Curves:
    """Every run a tenth better than the one before."""
    of = [
        Curve(run, part, (0, 1, 2), (1.0, 0.5 - at / 10, float("nan")), (0.5, 0.8 + at / 10, 0.9))
        for at, run in enumerate(runs)
        for part in parts
    ]
    return Curves(tuple(of), {runs[0]: 1}, {})


def test_json_has_every_value_and_none_for_what_is_not_known() -> None:
    (run,) = curves("a").as_dict()["runs"]
    assert run["train"] == {"epochs": [0, 1, 2], "loss": [1.0, 0.5, None], "accuracy": [0.5, 0.8, 0.9]}
    assert (run["run"], run["best_epoch"], run["tested_on"]) == ("a", 1, None)
    assert "test" not in run


def test_parts_have_colours_where_there_is_one_run_and_runs_where_there_are_several() -> None:
    one, two = curves("a"), curves("a", "b")
    assert [one.colour(each) for each in one.of] == [0, 1]
    assert [two.colour(each) for each in two.of] == [0, 0, 1, 1]


def test_the_picture_holds_both_charts_in_the_colours_of_the_runs() -> None:
    pytest.importorskip("matplotlib")
    import cv2

    drawn = curves("a", "b", parts=("train", "val", "test"))
    assert decode(drawn.png).shape == (484, 1265)
    seen = cv2.imdecode(np.frombuffer(drawn.png, np.uint8), cv2.IMREAD_COLOR)[..., ::-1]
    for half in (seen[:, :632], seen[:, 632:]):
        for colour in ((0x26, 0x54, 0x9A), (0xC4, 0x54, 0x0A)):
            assert (half == colour).all(axis=2).sum() > 50


def test_the_picture_names_the_runs_and_what_test_was_read() -> None:
    one, two = curves("a"), curves("a", "b")
    assert [one._title(), two._title()] == ["a", "a, b"]
    assert replace(one, tested_on={"a": "digits:test"})._title() == "a; test = digits:test"
    assert replace(two, tested_on={"a": "x", "b": "x"})._title() == "a, b; test = x"
    assert replace(two, tested_on={"a": "x"})._title() == "a (test = x), b"


def test_a_notebook_shows_the_picture_without_a_frame() -> None:
    pytest.importorskip("matplotlib")
    html = curves("a<b>")._repr_html_()
    assert "iframe" not in html
    assert "a&lt;b&gt;" in html
    assert b64decode(html.partition("base64,")[2].partition('"')[0])[:4] == b"\x89PNG"


def test_without_matplotlib_a_notebook_shows_plain_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("matplotlib.figure", "matplotlib.backends.backend_agg"):
        monkeypatch.setitem(sys.modules, name, None)
    drawn = curves("a")
    with pytest.raises(MissingExtra, match="curves as a picture"):
        _ = drawn.png
    assert drawn._repr_png_() is None
    assert "epoch" in drawn._repr_html_()
    assert "<pre" in drawn._repr_html_()
