"""Each of ten sets, spoilt in one way, is told what is wrong with it, and a good one is not."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from inkread.datasets import Judge, Judgement, Opened, check
from inkread.datasets.drawn import drawn
from inkread.datasets.lazy import Decoded
from inkread.errors import DataError
from inkread.formats import UPRIGHT, Orientation
from inkread.preparation import Preparation


@pytest.fixture(scope="module")
def digits() -> NDArray[np.uint8]:
    """200 drawn digits uint8 (28,28), twenty of each, in turns."""
    pictures = np.asarray(drawn("0123456789", 22, 3).prepared(Preparation()).pictures).reshape(10, 22, 28, 28)
    inked = np.stack([each[each.max(axis=(1, 2)) > 0][:20] for each in pictures])  # drawn on some papers a stroke is lost
    return inked.swapaxes(0, 1).reshape(-1, 28, 28).copy()


LABELS = tuple("0123456789") * 20


def source(pictures: object, labels: Sequence[str] = LABELS, part: str = "train", name: str = "set:train") -> Opened:
    kinds = tuple(sorted(set(labels)))
    codes = np.array([kinds.index(each) for each in labels], np.int64)
    return Opened(pictures, kinds, codes, None, None, "made", Orientation(UPRIGHT, "being made"), part, name)  # type: ignore[arg-type]


def judging(best: int = 0, shift: int = 0) -> Judge:
    """A judge that finds this view best, and reads every picture as its label says, or as one further on."""

    def judge(pictures: Sequence[NDArray[np.uint8]], labels: Sequence[str] | None) -> Judgement:
        answers = tuple(str((int(each) + shift) % 10) for each in labels or ())
        views = ("as given", "turned left", "upside down", "turned right", "transposed", "mirrored", "both", "mirrored")
        return Judgement(best, views[best], True, views, tuple(range(len(pictures))), answers, 0.0 if shift else 0.95)

    return judge


def found(*parts: Opened, judge: Judge | None = None, **more: object) -> dict[str, tuple[bool, str]]:
    report = check(parts, judge or judging(), **more)  # type: ignore[arg-type]
    return {each.code: (each.spoils, each.says) for each in report.findings}


def test_a_good_set_has_no_finding(digits: NDArray[np.uint8]) -> None:
    assert found(source(digits)) == {}


def test_copies_inside_a_part(digits: NDArray[np.uint8]) -> None:
    spoilt = digits.copy()
    spoilt[10:30] = digits[:10].repeat(2, axis=0)[np.r_[0:20:2, 0:20:2]]
    assert found(source(spoilt)) == {"copies": (True, "20 of 200 pictures (10.00%) equal to an earlier one: 10, 11, 12 ...")}


def test_test_pictures_that_were_trained_on(digits: NDArray[np.uint8]) -> None:
    test = source(digits[:20], LABELS[:20], "test", "set:test")
    says = "20 of 20 pictures (100.00%) also in set:train: 0, 1, 2 ..."
    assert found(source(digits), test) == {"between": (True, says)}


def test_equal_pictures_with_different_labels(digits: NDArray[np.uint8]) -> None:
    spoilt = digits.copy()
    spoilt[11] = digits[0]
    told = found(source(spoilt))
    assert told["contradictions"] == (True, "1 equal pictures with different labels: 0/1 (0, 11)")
    assert told["copies"][0] is False


def test_blank_pictures(digits: NDArray[np.uint8]) -> None:
    spoilt = digits.copy()
    spoilt[[3, 4, 5]] = 7
    assert found(source(spoilt)) == {"blank": (True, "3 of 200 pictures (1.50%) without ink: 3, 4, 5")}


def test_transposed_pictures(digits: NDArray[np.uint8]) -> None:
    says = "transposed, the pictures look more like characters: transposed; as given"
    assert found(source(digits.swapaxes(1, 2)), judge=judging(best=4)) == {"orientation": (True, says)}


def test_labels_that_are_one_too_high(digits: NDArray[np.uint8]) -> None:
    says = "labels seem to be one too high: 0% of the pictures are read as labelled, 100% as the class before"
    assert found(source(digits), judge=judging(shift=-1)) == {"labels": (True, says)}


def test_labels_that_belong_to_other_pictures(digits: NDArray[np.uint8]) -> None:
    says = "labels do not seem to belong to the pictures: only 0% are read as labelled"
    assert found(source(digits), judge=judging(shift=5)) == {"labels": (True, says)}


def test_a_class_that_labels_from_1_leave_unused(digits: NDArray[np.uint8]) -> None:
    kept = np.array([each != "0" for each in LABELS])
    says = "no picture of 0, all other labels are those of digits (0 is the first: do the labels start at 1?)"
    assert found(source(digits[kept], [each for each in LABELS if each != "0"])) == {"missing": (False, says)}


def test_colour_channels_that_differ_and_files_that_cannot_be_decoded(digits: NDArray[np.uint8]) -> None:
    coloured = [cv2.cvtColor(each, cv2.COLOR_GRAY2BGR) for each in digits]
    coloured[5][10, 10, 0] = 255 - coloured[5][10, 10, 1]
    files = [cv2.imencode(".png", each)[1].tobytes() for each in coloured]
    told = found(source(Decoded(files, None)), encoded=lambda _: files)
    assert told.keys() == {"channels"}
    assert told["channels"][1].startswith("1 of 200 pictures (0.50%) with colour channels that differ")
    broken = [*files[:2], b"\x89PNG\r\n\x1a\nbroken", *files[3:5], *files[6:]]
    told = found(source(Decoded(broken, None), LABELS[:199]), encoded=lambda _: broken)
    assert told == {"unreadable": (True, "1 of 199 pictures (0.50%) cannot be decoded: 2")}


def test_counts_that_are_not_the_published_ones(digits: NDArray[np.uint8]) -> None:
    published = dict.fromkeys("0123456789", 20) | {"3": 25}
    told = found(source(digits), expected=lambda _: published)
    assert told == {"counts": (True, "counts differ from the published ones: 3 20 for 25")}


def test_a_class_of_a_hundredth_of_another(digits: NDArray[np.uint8]) -> None:
    many = np.concatenate([digits[1:2], np.random.default_rng(0).integers(0, 256, (120, 28, 28), np.uint8)])
    told = found(source(many, ["1"] + ["2"] * 120), judge=judging())
    assert told["balance"] == (True, "unbalanced, 120 to 1: 2 has 120 pictures, 1 1")


def test_what_cannot_be_checked_is_told(digits: NDArray[np.uint8]) -> None:
    report = check([source(digits)])
    assert [code for _, code, _ in report.unchecked] == ["counts", "channels", "orientation", "labels"]
    assert not report.spoilt


def test_a_set_without_ink_is_told_and_not_judged() -> None:
    def judge(pictures: object, labels: object) -> Judgement:
        raise DataError("there is no picture with ink to judge by")

    for level in (0, 200):
        blank = np.full((40, 28, 28), level, np.uint8)
        report = check([source(blank, LABELS[:40])], judge)
        assert [(each.code, each.spoils) for each in report.findings] == [("blank", True)]
        assert ("set:train", "orientation", "fewer than 20 pictures with ink") in report.unchecked
    noise = np.random.default_rng(0).integers(0, 256, (40, 28, 28), np.uint8)
    unchecked = check([source(noise, LABELS[:40])], judge).unchecked
    assert ("set:train", "orientation", "there is no picture with ink to judge by") in unchecked


def test_blank_pictures_are_not_asked_about(digits: NDArray[np.uint8]) -> None:
    asked = []

    def judge(pictures: Sequence[NDArray[np.uint8]], labels: Sequence[str] | None) -> Judgement:
        asked.extend(pictures)
        return judging()(pictures, labels)

    check([source(np.concatenate([np.zeros((2000, 28, 28), np.uint8), digits[:100]]), ["0"] * 2000 + list(LABELS[:100]))], judge)
    assert len(asked) == 100
    assert all(each.any() for each in asked)


def test_labels_that_no_picture_has_are_no_class_of_none(digits: NDArray[np.uint8]) -> None:
    few = source(digits).take(np.flatnonzero([each not in "01" for each in LABELS]))
    report = check([few], judging())
    assert "0" not in report.parts[0].counts
    assert [(each.code, each.says) for each in report.findings] == [("missing", "no picture of 0, 1, all other labels are those of digits")]
