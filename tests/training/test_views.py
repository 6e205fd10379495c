"""Runs that read every picture in several views: the mean that evaluation takes, as one network and in one file."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from numpy.typing import NDArray

from inkread.alphabet import Alphabet, alphabet
from inkread.bundle import load
from inkread.cli import main
from inkread.evaluation import VIEWS, Averaged, softmax
from inkread.picture import sampling, warped
from inkread.reading import Reader
from inkread.training import Circumstances, Ensemble, Run, Viewed, card, fit, logits_of, pack, temperature_of
from tiny_training import shape_pool, shapes, tiny_recipe


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    pools = [shape_pool("one"), shape_pool("two", 60, 1, (0, 2))]
    return fit(tiny_recipe(epochs=3), pools, tmp_path_factory.mktemp("views") / "run", Circumstances(threads=1))


class Calibrated:
    """A run's calibrated probabilities under a flat prior."""

    def __init__(self, run: Run | Ensemble) -> None:
        self.alphabet: Alphabet = alphabet(run.recipe.alphabet)
        self.network, self.temperature = run.network(), temperature_of(run)

    def probabilities(self, pictures: NDArray[np.uint8]) -> NDArray[np.float64]:
        return softmax(logits_of(self.network, pictures) / self.temperature)


@pytest.mark.parametrize("view", VIEWS)
def test_the_shares_that_a_pixel_is_mixed_of_are_those_of_a_warped_picture(view: dict[str, float]) -> None:
    at, shares = sampling(**view)
    assert ((shares >= 0) & (shares <= 1)).all()
    inner = shares[:, 4:24, 4:24].sum(axis=0)
    assert inner == pytest.approx(np.ones((20, 20)), abs=1e-6)
    picture = shapes(1, 3)[0][0]
    mixed = np.zeros((28, 28))
    for row in range(28):
        for column in range(28):
            mixed[row, column] = sum(picture.flat[at[k, row, column]] * shares[k, row, column] for k in range(4))
    assert np.abs(warped(picture[None], **view)[0] - mixed).max() <= 0.5 + 1e-3


def test_one_network_answers_with_the_mean_over_the_views(run: Run) -> None:
    pictures = shapes(50, 5)[0]
    expected = Averaged(Calibrated(run)).probabilities(pictures)
    told = softmax(logits_of(Viewed(run).network(), pictures))
    assert told == pytest.approx(expected, abs=1e-5)
    assert np.abs(told - Calibrated(run).probabilities(pictures)).max() > 1e-3


@pytest.mark.parametrize("bits", [32, 8])
def test_views_are_exported_as_one_file_and_told(run: Run, tmp_path: Path, bits: int) -> None:
    of = Viewed(Ensemble((run, run)))
    packed = pack(of, [], tmp_path / "views.onnx", bits).manifest
    assert packed.figures["views"] == 9
    assert packed.figures["multiply_adds"] == 18 * pack(run, [], tmp_path / "one.onnx").manifest.figures["multiply_adds"]
    assert "every picture in 9 slightly different views" in card(packed)
    assert "views" not in load(tmp_path / "one.onnx").manifest.figures
    pictures = shapes(20, 5)[0]
    told = Reader(tmp_path / "views.onnx", alphabet=alphabet("ABC")).probabilities(pictures)
    expected = softmax(logits_of(of.network(), pictures) / packed.temperature)
    assert (told.argmax(axis=1) == expected.argmax(axis=1)).mean() > (0.99 if bits == 32 else 0.8)
    if bits == 32:
        assert told == pytest.approx(expected, abs=1e-4)


def test_what_is_said_of_it_is_said_of_the_views(run: Run, tmp_path: Path) -> None:
    of = Viewed(run)
    held, sample = of.validation(), run.sample()
    assert set(held.sources.tolist()) == {"one", "two"}
    assert np.array_equal(held.targets, sample.targets)
    assert not np.allclose(held.logits, logits_of(run.network(), sample.pictures))
    assert of.metrics["scores"].keys() == run.metrics["scores"].keys()
    done = CliRunner().invoke(main, ["export", str(run.folder), str(tmp_path / "v.onnx"), "--tta"])
    assert done.exit_code == 0, done.output
    assert "the mean over 9 views of every picture" in done.output
    pictures, labels = shapes(30, 9)
    np.savez(tmp_path / "shapes-test.npz", testing_images=pictures.transpose(0, 2, 1), testing_labels=labels + 10)
    words = ["evaluate", str(tmp_path / "v.onnx"), "--data", str(tmp_path / "shapes-test.npz"), "--json"]
    model = json.loads(CliRunner().invoke(main, words).stdout)["model"]
    assert (model["kind"], model["views"]) == ("bundle", 9)
    assert model["multiply_adds"] > model["parameters"]
