"""The test curve: computed when all is chosen, on the same charts, and every reading of it written down."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from inkread.alphabet import log_prior_of
from inkread.cli import main, tested
from inkread.cli.train import _score_test
from inkread.datasets.drawn import Hand, draw
from inkread.errors import DataError
from inkread.picture import encode_png
from inkread.recipes import SourceUse
from inkread.training import Circumstances, Run, Scored, by_epoch, fit, given, read_test, write_test
from inkread.training.scores import scores
from tiny_training import shape_pool, tiny_recipe


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    recipe = tiny_recipe(epochs=3).without("two")
    return fit(recipe, [shape_pool("one")], tmp_path_factory.mktemp("runs") / "run", Circumstances(threads=1))


def test_the_pictures_that_validated_score_as_they_did_then(run: Run) -> None:
    rows = by_epoch(run, run.sample().pictures, run.validation().targets, "again")
    with (run.folder / "history.csv").open() as file:
        then = [(float(row["val/loss"]), float(row["val/accuracy"])) for row in csv.DictReader(file)]
    assert [(row.scores["loss"], row.scores["accuracy"]) for row in rows] == [pytest.approx(each, rel=1e-4) for each in then]
    assert [(row.source, row.pictures) for row in rows] == [("again", 32)] * 3


def test_test_scores_stand_beside_the_others_and_replace_earlier_ones(run: Run) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    targets = run.validation().targets
    for epochs in ((1,), None):
        write_test(run.folder, by_epoch(run, run.sample().pictures, targets, epochs=epochs))
    events = EventAccumulator(str(run.folder / "events" / "test")).Reload()
    with (run.folder / "test.csv").open() as file:
        rows = list(csv.DictReader(file))
    assert [each.step for each in events.Scalars("loss")] == [int(row["epoch"]) for row in rows] == [1, 2, 3]
    assert [each.value for each in events.Scalars("accuracy")] == pytest.approx([float(row["test/accuracy"]) for row in rows])


def test_scores_of_other_epochs_and_sources_stay(tmp_path: Path) -> None:
    def row(epoch: int, source: str, loss: float = 0.5) -> Scored:
        return Scored(epoch, source, 9, {"loss": loss, "accuracy": 0.75})

    write_test(tmp_path, [row(1, "one"), row(2, "one")])
    write_test(tmp_path, [row(2, "two")])
    assert read_test(tmp_path) == [row(1, "one"), row(2, "one"), row(2, "two")]
    write_test(tmp_path, [row(2, "one", 0.25)])
    assert read_test(tmp_path) == [row(2, "two"), row(1, "one"), row(2, "one", 0.25)]


def test_each_test_part_is_scored_with_the_prior_of_the_source_it_belongs_to(tmp_path: Path) -> None:
    pools = [shape_pool("one", 200, 1, (0, 1)), shape_pool("two", 80, 2, (0, 2))]
    run = fit(tiny_recipe(epochs=2), pools, tmp_path / "run", Circumstances(threads=1))
    answers, sample = run.validation(), run.sample()
    (row,) = by_epoch(run, sample.pictures, sample.targets, "own", answers.sources.tolist(), [run.metrics["best_epoch"]])
    for metric in ("loss", "accuracy"):
        assert row.scores[metric] == pytest.approx(np.mean([each[metric] for each in run.metrics["scores"].values()]), abs=1e-3)
    (foreign,) = by_epoch(run, sample.pictures, sample.targets, "foreign", epochs=[run.metrics["best_epoch"]])
    expected = scores(answers.logits, answers.targets, log_prior_of(list(run.metrics["counts"]["one"].values())))
    assert foreign.scores["loss"] == pytest.approx(expected["loss"], abs=1e-3)


def test_pictures_of_other_classes_are_refused(run: Run) -> None:
    with pytest.raises(DataError, match="3 classes"):
        by_epoch(run, run.sample().pictures, np.ones((32, 5), bool))


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run on a folder with the parts train and test, both drawn."""
    place = tmp_path_factory.mktemp("trained")
    rng = np.random.default_rng(3)
    for part, each in (("train", 12), ("test", 5)):
        for character in "17":
            folder = place / "digits" / part / character
            folder.mkdir(parents=True)
            for number in range(each):
                (folder / f"{number}.png").write_bytes(encode_png(255 - draw(character, rng, Hand.random(rng))))
    recipe = tiny_recipe(epochs=2, batch=4).changed({"alphabet": "17"})
    recipe, pools = given(recipe, str(place / "digits"))
    fit(recipe, pools, place / "runs" / "tiny", Circumstances(threads=1))
    return place


def test_the_command_scores_every_epoch_on_the_test_part_of_its_own_data(trained: Path) -> None:
    done = CliRunner().invoke(main, ["curves", str(trained / "runs" / "tiny"), "--on", "test"])
    assert done.exit_code == 0, done.stderr
    assert "tiny: 2 epochs scored on" in done.stderr
    assert "test; nothing was chosen by it" in done.stdout
    with (trained / "runs" / "test-reads.csv").open() as file:
        (read,) = csv.DictReader(file)
    assert (read["pictures"], read["reason"]) == ("10", "curves tiny: every epoch, nothing is chosen by it")
    again = CliRunner().invoke(main, ["curves", str(trained / "runs" / "tiny"), "--on", "test"])
    assert "it is not read again" in again.stderr
    assert again.stdout == done.stdout
    assert len((trained / "runs" / "test-reads.csv").read_text().splitlines()) == 2
    before = read_test(trained / "runs" / "tiny")
    once = _score_test(Run(trained / "runs" / "tiny"), "")
    assert once in before
    assert read_test(trained / "runs" / "tiny") == before
    assert len((trained / "runs" / "test-reads.csv").read_text().splitlines()) == 2


def test_the_test_part_of_its_own_data_belongs_to_the_source_by_name_too(trained: Path) -> None:
    run = Run(trained / "runs" / "tiny")
    for on in ("test", str(trained / "digits")):
        assert [tested.owners(run).get(place) for place in tested.meant(run, on)] == [run.recipe.main_source]


def test_training_pictures_are_never_taken_for_a_test(trained: Path, tmp_path: Path) -> None:
    recipe = tiny_recipe(epochs=1, batch=4).changed({"alphabet": "17"})
    data = str(trained / "digits" / "train")
    recipe, pools = given(recipe, data)
    assert recipe.sources == (SourceUse("train", data),)
    fit(recipe, pools, tmp_path / "run", Circumstances(threads=1))
    done = CliRunner().invoke(main, ["curves", str(tmp_path / "run"), "--on", "test"])
    assert done.exit_code == 2
    assert done.stderr.startswith("error: the data of the run bring no part `test`")
    assert not (tmp_path / "test-reads.csv").exists()
