"""Which pictures of ../shared's sets stand in which, by count, and what `check` says of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkread.datasets import check, open_parts, overlap

DATA = Path(__file__).parents[3] / "shared" / "data"
TRAIN, TEST, EXTRA = "emnist/emnist-byclass-train.npz", "emnist/emnist-byclass-test.npz", "emnist/emnist-extra.npz"
MNIST_TEST = "emnist/emnist-mnist-test-images-idx3-ubyte.gz"

pytestmark = [pytest.mark.trial, pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not here")]


@pytest.mark.parametrize(
    ("ours", "theirs", "equal"),
    [
        (TRAIN, TEST, 0),
        (EXTRA, TEST, 0),
        (TEST, MNIST_TEST, 483),
        ("sets/emnist_letter.npz:test", TEST, 3900),
        ("sets/emnist_letter.npz:test", TRAIN, 0),
        ("sets/emnist-letters-part.mat:train", TRAIN, 612),
        ("sets/emnist-letters-part.mat:train", EXTRA, 1388),
        ("sets/emnist-letters-part.mat:test", TEST, 500),
        ("sets/emnist-balanced-test.csv.gz", TEST, 15),
        ("sets/emnist-balanced-train.csv.gz", TEST, 0),
        ("sets/letters.zip:test", "sets/letters.zip:train", 0),
    ],
)
def test_equal_pictures_are_counted(ours: str, theirs: str, equal: int) -> None:
    (mine,), (other,) = open_parts(str(DATA / ours)), open_parts(str(DATA / theirs))
    found = overlap(mine, other)
    assert (found.equal, found.differ) == (equal, 0)


def test_recompressed_pictures_are_found_where_they_come_from() -> None:
    (test,), (there,) = open_parts(str(DATA / "sets/letters.zip"), "test"), open_parts(str(DATA / TEST))
    found = overlap(test, there, nearly=True)
    assert (found.equal, found.near, found.closest) == (0, 2600, 2600)


def test_equal_pictures_of_alphadigits_have_two_labels() -> None:
    report = check(open_parts(str(DATA / "pools/alphadigits/binaryalphadigs.mat")))
    told = {each.code: each.says for each in report.findings if each.spoils}
    assert told.keys() == {"contradictions"}
    assert told["contradictions"].startswith("38 equal pictures with different labels: 0/O")
