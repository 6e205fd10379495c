"""The real data of ../shared through `formats` and `datasets`: counts, characters and the right way up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest

from inkread.alphabet import BYCLASS, NAMED
from inkread.datasets import GlyphSet, Handout, load, load_test
from inkread.formats import TRANSPOSED, UPRIGHT, read
from inkread.preparation import Preparation

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = [pytest.mark.trial, pytest.mark.skipif(not DATA.is_dir(), reason="the real data is not here")]


@dataclass(frozen=True)
class Told:
    """What ../shared/data/README.md tells of a source."""

    path: str
    count: int
    kinds: int
    stored: str = UPRIGHT
    part: str | None = None
    writers: int = 0


SOURCES = (
    Told("emnist/emnist-byclass-train.npz", 64_325, 62, TRANSPOSED),
    Told("emnist/emnist-byclass-test.npz", 40_000, 0, TRANSPOSED),
    Told("emnist/emnist-extra.npz", 84_036, 58),
    Told("emnist/emnist-mnist-test-images-idx3-ubyte.gz", 10_000, 10, TRANSPOSED),
    Told("mnist", 60_000, 10, part="train"),
    Told("mnist", 10_000, 10, part="test"),
    Told("pens/unipen.npz", 95_921, 62, writers=244),
    Told("pens/digilets.npz", 26_580, 62, writers=86),
    Told("pools/photo-62.zip", 2_856, 62),
    Told("pools/cards-15.zip", 1_868, 15),
    Told("pools/scan-26.zip", 1_560, 26),
    Told("pools/cursive-62.zip", 2_755, 62),
    Told("pools/alphadigits/binaryalphadigs.mat", 1_404, 36),
    Told("sets/letters.zip", 10_400, 26, TRANSPOSED, part="train"),
    Told("sets/letters.zip", 2_600, 26, TRANSPOSED, part="test"),
    Told("sets/letters.zip/test", 2_600, 26, TRANSPOSED),
    Told("sets/emnist_letter.npz", 15_600, 26, part="train"),
    Told("sets/emnist_letter.npz", 2_080, 26, part="validation"),
    Told("sets/emnist_letter.npz", 3_900, 26, part="test"),
    Told("sets/binaryalphadigits.npz", 1_014, 26),
    Told("sets/emnist-balanced-train.csv.gz", 8_519, 47, TRANSPOSED),
    Told("sets/emnist-balanced-test.csv.gz", 280, 47, TRANSPOSED),
    Told("sets/emnist-letters-part.mat", 2_000, 26, TRANSPOSED, part="train"),
    Told("sets/emnist-letters-part.mat", 500, 26, TRANSPOSED, part="test"),
    Told("sets/letters-hf.parquet", 1_000, 26),
)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INKREAD_CACHE", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.mark.parametrize("told", SOURCES, ids=lambda told: f"{told.path}:{told.part}" if told.part else told.path)
def test_a_source_holds_what_its_readme_tells(told: Told) -> None:
    contents = read(DATA / told.path, told.part)
    assert len(contents) == told.count
    assert len(set(contents.labels or ())) == told.kinds
    assert contents.orientation.stored == told.stored
    assert (0 if contents.writer is None else len(set(contents.writer.tolist()))) == told.writers
    assert contents.skipped == 0 or told.path.endswith(".zip/test")


def _means(glyphs: GlyphSet) -> dict[str, np.ndarray]:
    """The mean prepared picture of each character, of at most 30 pictures each."""
    labels = glyphs.single_labels()
    chosen = np.concatenate([np.flatnonzero(labels == at)[:30] for at in range(len(BYCLASS))])
    some = glyphs.take(chosen).prepared(Preparation())
    pictures, labels = np.asarray(some.pictures, float), some.single_labels()
    return {BYCLASS[at]: pictures[labels == at].mean(axis=0) for at in sorted(set(labels.tolist()))}


def _likeness(one: np.ndarray, other: np.ndarray) -> float:
    return float(np.corrcoef(one.ravel(), other.ravel())[0, 1])


@pytest.fixture(scope="module")
def reference() -> dict[str, np.ndarray]:
    """Pen strokes of 86 writers: what is up is told by the pen, not by a file format."""
    return _means(load(DATA / "pens/digilets.npz", preparation=None))


UPRIGHT_SOURCES = [
    "emnist/emnist-byclass-train.npz",
    "emnist/emnist-extra.npz",
    "emnist/emnist-mnist-test-images-idx3-ubyte.gz",
    "mnist:train",
    "mnist:test",
    "pens/unipen.npz",
    "pools/photo-62.zip",
    "pools/cards-15.zip",
    "pools/scan-26.zip",
    "pools/cursive-62.zip",
    "pools/alphadigits/binaryalphadigs.mat",
    "sets/binaryalphadigits.npz",
]


def _own_labels_fit_best(means: dict[str, np.ndarray], reference: dict[str, np.ndarray]) -> bool:
    """Whether the classes look more like their own characters than under any shift of the labels, off by one included."""
    names = list(means)
    likeness = np.array([[_likeness(means[name], reference[other]) for other in names] for name in names])
    shifted = [np.mean([likeness[at, (at + shift) % len(names)] for at in range(len(names))]) for shift in range(len(names))]
    return int(np.argmax(shifted)) == 0


CASES_JOINED = [
    "sets/emnist_letter.npz:train",
    "sets/emnist-balanced-train.csv.gz",
    "sets/emnist-letters-part.mat:train",
    "sets/letters.zip:train",
]


@pytest.mark.parametrize("source", CASES_JOINED)
def test_sets_that_join_both_cases_are_upright(source: str, reference: dict[str, np.ndarray]) -> None:
    """Letters whose two cases look alike are enough to tell which way is up, and which label is whose."""
    glyphs = load(f"{DATA}/{source}", preparation=None)
    alike = [each for each in "CFKMPSUVWXYZ" if glyphs.targets[:, BYCLASS.find(each) or 0].any()]
    means = {}
    for each in alike:
        some = glyphs.take(np.flatnonzero(glyphs.targets[:, BYCLASS.find(each) or 0])[:30]).prepared(Preparation())
        means[each] = np.asarray(some.pictures, float).mean(axis=0)
    ways = [[np.rot90(mean.T if way >= 4 else mean, way % 4) for mean in means.values()] for way in range(8)]
    likeness = [np.mean([_likeness(turned, reference[each]) for each, turned in zip(means, way, strict=True)]) for way in ways]
    assert int(np.argmax(likeness)) == 0, f"likeness in the eight ways: {np.round(likeness, 2)}"
    assert _own_labels_fit_best(means, reference)


@pytest.mark.parametrize("source", UPRIGHT_SOURCES)
def test_pictures_are_upright_and_carry_their_own_labels(source: str, reference: dict[str, np.ndarray], tmp_path: Path) -> None:
    means = _means(load_test(f"{DATA}/{source}", Handout(tmp_path, "trial"), preparation=None))
    ways = [[np.rot90(mean.T if way >= 4 else mean, way % 4) for mean in means.values()] for way in range(8)]
    likeness = [np.mean([_likeness(turned, reference[each]) for each, turned in zip(means, way, strict=True)]) for way in ways]
    assert int(np.argmax(likeness)) == 0, f"likeness in the eight ways: {np.round(likeness, 2)}"
    assert _own_labels_fit_best(means, reference)


def test_the_contest_answers_fit_their_pictures(reference: dict[str, np.ndarray], tmp_path: Path) -> None:
    handout = Handout(tmp_path, "trial", DATA / "emnist/contest-hidden-labels.csv", "Public")
    glyphs = load_test(DATA / "emnist/emnist-byclass-test.npz", handout)
    assert len(glyphs) == 12_000
    assert _own_labels_fit_best(_means(glyphs), reference)
    assert len((tmp_path / "test-reads.csv").read_text().splitlines()) == 2


def test_labels_whose_case_is_not_known_have_both_targets() -> None:
    glyphs = load(DATA / "emnist/emnist-extra.npz")
    several = glyphs.targets.sum(axis=1)
    assert (several == 2).sum() == 41_159
    assert (several == 1).sum() == 27_877 + 15_000
    folded = load(DATA / "emnist/emnist-extra.npz", alphabet=NAMED["letters"], unknown="leave out")
    assert (folded.targets.sum(axis=1) == 1).all()
    assert len(folded) == 84_036 - 15_000
