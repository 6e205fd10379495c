"""A network that learns from teachers: what of the loss is theirs, under which priors, and who may teach whom."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from inkread.cli import main
from inkread.datasets import file_digest
from inkread.errors import AlphabetError, RunError, UsageError
from inkread.recipes import Training
from inkread.training import Circumstances, Ensemble, Pool, Run, fit
from inkread.training.distil import Teacher
from inkread.training.feed import Batch
from inkread.training.loss import imitation
from inkread.training.objective import Objective
from tiny_training import shape_folder, shape_pool, tiny_recipe

FREQUENT = np.eye(3, dtype=bool)[[0] * 8 + [1] * 2 + [2] * 2]
DATA = {"one.npz": "1" * 64}


def pools(data: dict[str, str] = DATA) -> list[Pool]:
    return [replace(shape_pool("one"), data=data)]


@pytest.fixture(scope="module")
def teachers(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ...]:
    """Two closed runs on one source."""
    place = tmp_path_factory.mktemp("teachers")
    for seed in (1, 2):
        recipe = tiny_recipe(epochs=12, average=0.5).without("two").changed({"seed": seed})
        fit(recipe, pools(), place / f"t{seed}", Circumstances(threads=1, closed=True))
    return place / "t1", place / "t2"


def taught(folder: Path, teachers: tuple[Path, ...], closed: bool = False, **training: object) -> Run:
    recipe = tiny_recipe(**{"epochs": 10, "average": 0.5, "distillation": 1.0} | training).without("two").changed({"seed": 9})
    return fit(recipe, pools(), folder, Circumstances(threads=1, teachers=teachers, closed=closed))


def test_what_agrees_with_its_teacher_has_nothing_to_learn() -> None:
    logits = torch.tensor([[1.0, 2.0, -1.0], [0.0, 0.0, 5.0]])
    assert imitation(logits, logits + 3.0, 2.0).tolist() == pytest.approx([0.0, 0.0], abs=1e-6)
    theirs = torch.tensor([[2.0, 1.0, -1.0], [0.0, 0.0, 5.0]])
    assert imitation(logits, theirs, 1.0)[0] > 0.1
    p, q = (torch.softmax(each[0] / 4, 0) for each in (theirs, logits))
    assert float(imitation(logits, theirs, 4.0)[0]) == pytest.approx(16 * float((p * (p / q).log()).sum()), rel=1e-4)


class Parrot(torch.nn.Module):
    """A network that says of every picture what it was given."""

    def __init__(self, logits: torch.Tensor) -> None:
        super().__init__()
        self.logits = torch.nn.Parameter(logits)

    def forward(self, pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.logits.expand(len(pictures), -1), pictures.flatten(1)


@pytest.mark.parametrize("imbalance", ["none", "weights", "sampler", "prior-correction"])
def test_who_says_what_the_teacher_says_has_no_loss_once_priors_are_taken_out(imbalance: str) -> None:
    """What leaves a run has ``learnt`` subtracted: that, not what the network itself says, is to be the teacher's."""
    told = torch.tensor([0.3, -1.0, 2.0])
    training = Training(imbalance=imbalance, distillation=1.0, temperature=3.0)
    objective = Objective(training, [FREQUENT], [1.0], lambda pictures: told.expand(len(pictures), -1))
    network = Parrot(told + torch.from_numpy(objective.learnt).float())
    batch = Batch(torch.zeros(4, 28, 28), torch.eye(3, dtype=torch.bool)[[0, 1, 2, 0]], torch.zeros(4, dtype=torch.int64))
    loss, _ = objective(network, batch, batch.pictures, torch.Generator().manual_seed(0))
    assert loss.item() == pytest.approx(0.0, abs=1e-6)


def test_labels_and_teacher_share_the_loss() -> None:
    batch = Batch(torch.zeros(2, 28, 28), torch.eye(3, dtype=torch.bool)[[0, 1]], torch.zeros(2, dtype=torch.int64))
    losses = []
    for part in (0.0, 1.0, 0.25):
        objective = Objective(Training(distillation=part), [FREQUENT], [1.0], lambda pictures: torch.tensor([[4.0, 0.0, 0.0]]))
        losses.append(objective(Parrot(torch.zeros(3)), batch, batch.pictures, torch.Generator())[0].item())
    assert losses[2] == pytest.approx(0.75 * losses[0] + 0.25 * losses[1], rel=1e-5)


def test_a_teacher_sees_the_mixed_pictures() -> None:
    seen = []

    def teacher(pictures: torch.Tensor) -> torch.Tensor:
        seen.append(pictures)
        return torch.zeros(len(pictures), 3)

    objective = Objective(Training(mixup=1.0), [FREQUENT], [1.0], teacher)
    pictures = torch.stack([torch.zeros(28, 28), torch.ones(28, 28)] * 8)
    batch = Batch(pictures, torch.eye(3, dtype=torch.bool)[[0, 1] * 8], torch.zeros(16, dtype=torch.int64))
    objective(Parrot(torch.zeros(3)), batch, pictures, torch.Generator().manual_seed(3))
    assert 0.0 < float(seen[0].mean()) < 1.0
    assert not torch.equal(seen[0], pictures)


def test_a_network_learns_from_its_teachers_alone(teachers: tuple[Path, ...], tmp_path: Path) -> None:
    run = taught(tmp_path / "run", teachers, closed=True)
    assert run.metrics["scores"]["one"]["accuracy"] > 0.85
    told = run.provenance["teachers"]
    assert [each["name"] for each in told] == ["t1", "t2"]
    assert told[0]["weights"] == file_digest(teachers[0] / "weights.safetensors")
    assert told[0]["provenance"]["pools"] == run.provenance["pools"]


def test_teachers_change_neither_the_first_weights_nor_the_pictures_held_back(teachers: tuple[Path, ...], tmp_path: Path) -> None:
    run, alone = taught(tmp_path / "run", teachers, epochs=1), taught(tmp_path / "alone", (), epochs=1)
    assert run.provenance["initial_weights"] == alone.provenance["initial_weights"]
    assert np.array_equal(run.sample().pictures, alone.sample().pictures)


def test_a_teacher_keeps_its_weights_and_its_mode(teachers: tuple[Path, ...]) -> None:
    teacher = Teacher(Ensemble(tuple(Run(each) for each in teachers)))
    before = {name: value.clone() for name, value in teacher.network.state_dict().items()}
    told = teacher(torch.rand(5, 28, 28))
    assert not told.requires_grad
    assert not told.is_inference()
    assert all(torch.equal(before[name], value) for name, value in teacher.network.state_dict().items())


def test_who_may_not_teach_is_told(teachers: tuple[Path, ...], tmp_path: Path) -> None:
    with pytest.raises(RunError, match="a teacher learnt from pictures that this run would validate on") as caught:
        taught(tmp_path / "a", teachers, split=2)
    assert "training.split" in caught.value.hint
    recipe = tiny_recipe().without("two").changed({"alphabet": "ABD"})
    with pytest.raises(AlphabetError, match="the teachers read ABC, the run is to read ABD"):
        fit(recipe, pools(), tmp_path / "b", Circumstances(teachers=teachers))
    recipe = tiny_recipe().without("two").changed({"preparation.ink": 18})
    with pytest.raises(RunError, match="the teachers' pictures are prepared otherwise"):
        fit(recipe, pools(), tmp_path / "c", Circumstances(teachers=teachers))
    with pytest.raises(RunError, match="no finished run"):
        fit(tiny_recipe().without("two"), pools(), tmp_path / "d", Circumstances(teachers=(tmp_path,)))
    with pytest.raises(UsageError, match=r"training.distillation must be at least 0 and at most 1"):
        tiny_recipe(distillation=1.5)
    with pytest.raises(UsageError, match=r"training.temperature must be above 0"):
        tiny_recipe(temperature=0.0)
    assert not any(tmp_path.iterdir())


def test_the_teachers_of_a_closed_run_are_closed_and_learnt_from_its_data(teachers: tuple[Path, ...], tmp_path: Path) -> None:
    recipe = tiny_recipe(epochs=1).without("two")
    fit(recipe, pools(), tmp_path / "open", Circumstances(threads=1))
    with pytest.raises(RunError, match=r"a teacher of a closed run is not closed itself: .*open"):
        taught(tmp_path / "a", (tmp_path / "open",), closed=True)
    fit(recipe, pools({"other.npz": "2" * 64}), tmp_path / "foreign", Circumstances(threads=1, closed=True))
    with pytest.raises(RunError, match=r"learnt from other data: .*foreign from other\.npz"):
        taught(tmp_path / "b", (*teachers, tmp_path / "foreign"), closed=True)


def test_the_command_learns_from_runs_joined_by_plus(tmp_path: Path) -> None:
    place = shape_folder(tmp_path / "mine", count=120)
    words = ["train", "mlp", "--data", str(place), "--out", str(tmp_path / "runs"), "--threads", "1", "--device", "cpu", "--json"]
    quick = ["--set", "epochs=1", "--set", "batch=16", "--set", "width=16", "--set", "validation=0.2"]
    assert CliRunner().invoke(main, [*words, *quick, "--seeds", "2"]).exit_code == 0
    both = f"{tmp_path}/runs/mlp-mine-seed1+{tmp_path}/runs/mlp-mine-seed2"
    done = CliRunner().invoke(main, [*words, *quick, "--teacher", both, "--set", "distillation=0.5", "--name", "pupil"])
    assert done.exit_code == 0, done.output
    pupil = Run(Path(json.loads(done.stdout)["runs"][0]["run"]))
    assert len(pupil.provenance["teachers"]) == 2
    done = CliRunner().invoke(main, [*words, *quick, "--teacher", f"{both}+nowhere", "--name", "other"])
    assert done.exit_code == 2
    assert "no such run: nowhere" in done.stderr
