"""Orientation: a network that knows one pixel finds the view in which it is inked."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from inkread.bundle import Bundle, RiskData
from inkread.picture import encode_png
from inkread.reading import Reader, diagnose, turned_together
from inkread.reading.orientation import MARGIN, VIEWS, better_view, common_view, familiarity, least_familiar, views
from tiny_bundle import make_tiny_bundle, tiny_model

KNOWN = (4, 19)
"""The pixel that makes an F for the network."""


def bundle(spread: float = 1.0) -> Bundle:
    first = np.zeros((784, 1))
    first[KNOWN[0] * 28 + KNOWN[1], 0] = 6 / 255
    left_out = np.zeros((200, 2), np.float16)
    left_out[:, 0] = np.tile([5 - spread, 5 + spread], 100)
    return make_tiny_bundle("FG", tiny_model(first, np.array([[1.0, 0.0]])), risk=RiskData(left_out, np.zeros(200, np.int16)))


def upright() -> np.ndarray:
    """An EMNIST-ready picture whose only view with ink at KNOWN is the upright one."""
    picture = np.zeros((28, 28), np.uint8)
    picture[2:26, 9:11] = 255
    picture[3:6, 9:21] = 255
    return picture


def given_as(view: int) -> np.ndarray:
    """The picture that is upright again in this view."""
    for seen in views(upright()[None])[0]:
        if np.array_equal(views(seen[None])[0, view], upright()):
            return np.ascontiguousarray(seen)
    raise AssertionError(view)


def test_the_views_are_eight_and_named_by_what_has_to_be_done() -> None:
    shown = views(upright()[None])[0]
    assert len({each.tobytes() for each in shown}) == len(VIEWS) == 8
    assert np.array_equal(shown[4], upright().T)
    assert np.array_equal(shown[1], np.rot90(upright()))
    assert np.array_equal(shown[5], upright()[::-1])
    assert np.array_equal(shown[7], upright()[:, ::-1])
    assert VIEWS[7].says == "mirrored left to right"


@pytest.mark.parametrize("view", range(1, 8))
def test_a_turned_picture_is_told_with_what_has_to_be_done(view: int) -> None:
    reader = Reader(bundle())
    (finding,) = [each for each in diagnose(given_as(view), reader).findings if each.code == "turned"]
    assert finding.says.startswith(f"{VIEWS[view].says} it looks more like a character: `F`")
    assert finding.suspicious


def test_an_upright_picture_is_not_called_turned() -> None:
    assert "turned" not in [each.code for each in diagnose(encode_png(upright()), Reader(bundle())).findings]


def test_the_margin_is_measured_in_the_bundles_own_spread() -> None:
    near, far = (familiarity(given_as(4)[None], Reader(bundle(spread))) for spread in (1.0, 4.0))
    assert near is not None
    assert far is not None
    assert near[0, 4] - near[0, 0] == pytest.approx(6.0, abs=0.01)
    assert far[0, 4] - far[0, 0] == pytest.approx(1.5, abs=0.01)
    assert (better_view(near[0]), better_view(far[0])) == (4, 0)


def test_a_gain_within_the_margin_changes_nothing() -> None:
    gains = np.array([0, 0.5, 0, 0.1, MARGIN - 0.01, 0, 0, 0])
    assert better_view(gains) == 0
    assert better_view(gains + np.eye(8)[4] * 0.02) == 4


def test_a_rarer_view_needs_a_larger_gain_for_one_picture_than_for_many() -> None:
    gain = np.eye(8)[7] * (MARGIN + 0.5 * VIEWS[7].doubt)
    assert better_view(gain) == 0
    assert better_view(gain + np.eye(8)[7] * 0.6 * VIEWS[7].doubt) == 7
    assert common_view(np.tile(gain, (8, 1))) == 7


def test_without_left_out_pictures_nothing_is_claimed() -> None:
    alone = Reader(replace(bundle(), manifest=replace(bundle().manifest, risk=RiskData.none(2))))
    assert familiarity(upright()[None], alone) is None
    assert least_familiar(alone) == -np.inf
    assert diagnose(given_as(4), alone).familiar is None


def test_several_pictures_together_tell_what_one_cannot() -> None:
    gains = np.zeros((12, 8))
    gains[:, 4] = np.tile([0.2, 1.5], 6)
    assert [better_view(each) for each in gains] == [0] * 12
    assert common_view(gains) == 4
    assert common_view(gains[:4]) == 0
    gains[:, 4] = np.tile([-3.0, 4.0], 6)
    assert common_view(gains) == 0


def test_a_folder_that_lies_on_its_side_is_told_once() -> None:
    reader = Reader(bundle())
    lying = [diagnose(given_as(3), reader) for _ in range(5)]
    finding = turned_together(lying)
    assert finding is not None
    assert finding.says == "turned a quarter to the right, these 5 pictures together look more like characters"
    assert turned_together([diagnose(upright(), reader) for _ in range(5)]) is None


def test_what_looks_like_no_character_is_strange() -> None:
    bar = np.zeros((28, 28), np.uint8)
    bar[2:26, 13:16] = 255
    assert "strange" in [each.code for each in diagnose(bar, Reader(bundle())).findings]
    assert "strange" not in [each.code for each in diagnose(upright(), Reader(bundle())).findings]
