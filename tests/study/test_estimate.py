"""How long a study takes."""

from __future__ import annotations

from pathlib import Path

import pytest

from inkread.recipes import load, parse
from inkread.study import Estimate, Row, begin, measured
from inkread.study.estimate import likeness
from tiny_study import SEARCH, WIDTHS, asked, made_row, written
from tiny_training import shape_folder

MLP = load("mlp")


def test_an_estimate_is_positive_and_grows_with_what_is_done(tmp_path: Path) -> None:
    study, letters = written(tmp_path), shape_folder(tmp_path / "letters")
    plan, _ = begin(asked(study, data=str(letters)), tmp_path / "studies")
    found = measured(plan, 1, "cpu")
    assert len(found.speed) == 2, "one for each width"
    assert all(speed > 0 for speed in found.speed.values())
    assert found.pictures == 27
    jobs = plan.jobs({})
    one = found.seconds(next(iter(jobs.values())))
    whole, half = found.left(plan, [], {}, 1), found.left(plan, [], {}, 2)
    assert whole == pytest.approx(2 * half) == pytest.approx(sum(map(found.seconds, jobs.values())))
    rows = [made_row(each) for each in jobs.values()]
    left = [found.left(plan, rows[:at], {}, 1) for at in range(5)]
    assert left == sorted(left, reverse=True)
    assert left[-1] == 0.0
    name, job = next(iter(jobs.items()))
    assert found.left(plan, [], {name: (job, 1)}, 1) < whole
    assert found.seconds(job, epochs=1) < one
    assert measured(plan, 1, "cpu", rows).speed == {}, "what is done is not timed"


def test_an_estimate_learns_from_what_trainings_took(tmp_path: Path) -> None:
    plan, _ = begin(asked(written(tmp_path)), tmp_path / "studies")
    job = next(iter(plan.jobs({}).values()))
    found = Estimate({likeness(parse(job.recipe)): 1000.0}, 60)
    before = found.left(plan, [], {}, 1)
    row = made_row(job)
    for times in (2.0, 3.0, 2.0):
        found.learn(job, Row(**{**vars(row), "seconds": times * found.seconds(job)}))
    found.learn(job, made_row(job, "failed"))
    assert found.ratio == pytest.approx(2.0)
    assert found.left(plan, [], {}, 1) == pytest.approx(2 * before)


def test_a_search_is_estimated_by_examples(tmp_path: Path) -> None:
    letters = shape_folder(tmp_path / "letters")
    study = written(
        tmp_path, SEARCH.replace('key = "network.width"\nvalues = [8, 16]', 'key = "network.width"\nlow = 8\nhigh = 64\nwhole = true')
    )
    plan, _ = begin(asked(study, data=str(letters)), tmp_path / "studies")
    widths = [parse(plan.job(each, 1).recipe).network.settings["width"] for each in plan.examples()]
    assert widths == [8, 36, 64]
    found = Estimate({}, 60)
    assert found.left(plan, [], {}, 1) == pytest.approx(10 * found.seconds(plan.job(plan.examples()[0], 1)))
    tried = plan.job(plan.drawn({"rate": 0.003, "width": 11}), 1)
    assert found.left(plan, [made_row(tried)], {}, 1) < found.left(plan, [], {}, 1)


def test_trainings_that_differ_in_their_rate_alone_are_as_fast() -> None:
    same = [MLP, MLP.changed({"training.rate": 0.1}), MLP.changed({"network.dropout": 0.5}), MLP.changed({"seed": 4})]
    assert len(set(map(likeness, same))) == 1
    others = [MLP.changed(each) for each in ({"training.batch": 8}, {"network.width": 8}, {"augmentation.rotation": 3.0})]
    assert len({likeness(each) for each in [MLP, *others]}) == 4


def test_a_network_that_cannot_make_a_step_does_not_end_the_study_before_it_began(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "raising_network.py").write_text(
        "from torch import nn\n"
        "class Raises(nn.Module):\n"
        "    def __init__(self, classes: int) -> None:\n        super().__init__()\n        self.one = nn.Linear(784, classes)\n"
        "    def forward(self, pictures):\n"
        "        if len(pictures) > 2: raise RuntimeError('too many at once')\n"
        "        flat = pictures.flatten(1).float()\n        return self.one(flat), flat\n"
    )
    recipe = tmp_path / "own-recipe.toml"
    recipe.write_text('name = "own"\n[network]\nname = "raising_network:Raises"\n')
    text = WIDTHS.replace('"mlp"', f'"{recipe.as_posix()}"').replace("network.width", "training.batch").replace("base = 8", "")
    study = written(tmp_path, text.replace('"network.layers" = 1, "training.batch" = 16', ""))
    plan, _ = begin(asked(study, data=str(shape_folder(tmp_path / "letters"))), tmp_path / "studies")
    found = measured(plan, 1, "cpu")
    assert found.speed == {}
    assert found.left(plan, [], {}, 1) > 0
