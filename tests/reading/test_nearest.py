"""The nearest glyphs: by the cosine of the features, nearest first."""

from __future__ import annotations

import numpy as np
import pytest

from inkread.reading import Gallery, Reader
from tiny_bundle import make_tiny_bundle, tiny_model

PLACES = [(3, 3), (3, 20), (20, 3)]


def reader() -> Reader:
    """Three features, each the grey of one pixel."""
    first = np.zeros((784, 3))
    for feature, (row, column) in enumerate(PLACES):
        first[row * 28 + column, feature] = 1.0
    return Reader(make_tiny_bundle("ABC", tiny_model(first, np.eye(3))))


def glyph(*greys: int) -> np.ndarray:
    picture = np.zeros((28, 28), np.uint8)
    for (row, column), grey in zip(PLACES, greys, strict=True):
        picture[row, column] = grey
    return picture


GLYPHS = np.stack([glyph(200, 0, 0), glyph(0, 90, 0), glyph(100, 100, 0), glyph(0, 0, 0)])


def test_nearest_first_and_by_direction_not_by_strength() -> None:
    found = Gallery(GLYPHS, reader()).nearest(glyph(20, 0, 0), 3)
    assert [each.index for each in found] == [0, 2, 1]
    assert [each.distance for each in found] == pytest.approx([0, 1 - 2**-0.5, 1], abs=1e-5)


def test_a_glyph_without_features_is_never_near() -> None:
    assert Gallery(GLYPHS, reader()).nearest(glyph(0, 5, 0), 4)[0].index == 1
    assert Gallery(GLYPHS[3:], reader()).nearest(glyph(0, 5, 0), 4)[0].distance == 1.0


def test_no_more_are_told_than_there_are_and_progress_adds_up() -> None:
    counts: list[int] = []
    gallery = Gallery(np.repeat(GLYPHS, 600, axis=0), reader(), counts.append)
    assert sum(counts) == len(gallery) == 2400
    assert len(Gallery(GLYPHS[:0], reader()).nearest(GLYPHS[0], 5)) == 0
    assert len(Gallery(GLYPHS, reader()).nearest(GLYPHS[0], 9)) == 4
