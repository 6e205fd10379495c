"""A whole training of a tiny network: what it leaves behind, that it learns, and that a killed run ends as the unbroken one."""

from __future__ import annotations

import csv
import errno
import json
import signal
import sys
from dataclasses import replace
from pathlib import Path

import lightning
import numpy as np
import pytest
import torch

from inkread.datasets import file_digest
from inkread.errors import DataError, RunError, UsageError
from inkread.recipes import Recipe
from inkread.training import Answers, Circumstances, Pool, Run, fit, module
from inkread.training.feed import Batch, Feed
from inkread.training.files import read_weights
from inkread.training.history import History
from inkread.training.objective import Objective
from inkread.training.scores import scores
from tiny_training import shape_pool, shapes, tiny_recipe

ONE_THREAD = Circumstances(threads=1)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Run:
    pools = [shape_pool("one"), shape_pool("two", 60, 1, (0, 2))]
    return fit(tiny_recipe(epochs=6, average=0.5), pools, tmp_path_factory.mktemp("runs") / "run", ONE_THREAD)


def test_a_tiny_network_learns_three_shapes(finished: Run) -> None:
    assert finished.metrics["scores"]["one"]["accuracy"] > 0.9
    assert finished.metrics["scores"]["two"]["loss"] < 0.4


def test_the_run_folder_holds_what_it_promises(finished: Run) -> None:
    rows = list(csv.DictReader((finished.folder / "history.csv").open()))
    assert [row["epoch"] for row in rows] == list("123456")
    assert {"train/loss", "val/loss", "val/one/accuracy", "val/two/loss"} <= set(rows[0])
    assert float(rows[-1]["train/loss"]) < float(rows[0]["train/loss"])
    assert sorted(each.name for each in (finished.folder / "epochs").iterdir()) == [f"{n:03d}.safetensors" for n in range(1, 7)]
    assert not (finished.folder / "last.ckpt").exists()
    assert finished.recipe == tiny_recipe(epochs=6, average=0.5)
    assert finished.metrics["counts"]["two"]["B"] == 0


def test_the_answers_that_are_kept_are_those_of_the_kept_weights(finished: Run) -> None:
    answers = finished.validation()
    assert set(answers.sources) == {"one", "two"}
    one = answers.sources == "one"
    counts = np.array(list(finished.metrics["counts"]["one"].values())) + 0.5
    loss = scores(answers.logits[one], answers.targets[one], np.log(counts / counts.sum()))["loss"]
    assert loss == pytest.approx(finished.metrics["scores"]["one"]["loss"], rel=1e-4)
    pictures = torch.from_numpy(shape_pool("one").renderings[0, :5].copy())
    assert finished.network()(pictures)[0].shape == (5, 3)


def test_tensorboard_has_train_and_val_under_the_same_tag(finished: Run) -> None:
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    for where in ("train", "val"):
        events = EventAccumulator(str(finished.folder / "events" / where)).Reload()
        assert [each.step for each in events.Scalars("loss")] == list(range(1, 7))


def test_provenance_names_every_influence(finished: Run) -> None:
    told = finished.provenance
    assert set(told["pools"]) == {"one", "two"}
    assert len(told["code"]) == len(told["initial_weights"]) == 64
    assert told["started_from"] is None
    assert told["without"] == []


def test_a_killed_run_resumed_ends_as_the_unbroken_one(tmp_path: Path, two_pools: list[Pool], monkeypatch: pytest.MonkeyPatch) -> None:
    recipe = tiny_recipe(epochs=4)
    unbroken = fit(recipe, two_pools, tmp_path / "unbroken", ONE_THREAD)
    add = History.add

    def killed(self: History, row: object) -> None:
        add(self, row)  # type: ignore[arg-type]
        if len(self.rows) == 3:
            raise ZeroDivisionError("the machine went off before the checkpoint of the third epoch")

    monkeypatch.setattr(History, "add", killed)
    with pytest.raises(ZeroDivisionError):
        fit(recipe, two_pools, tmp_path / "killed", ONE_THREAD)
    monkeypatch.setattr(History, "add", add)
    assert torch.load(tmp_path / "killed" / "last.ckpt", weights_only=True)["epoch"] == 1
    torch.manual_seed(99)
    resumed = fit(recipe, two_pools, tmp_path / "killed", Circumstances(threads=1, resume=True))
    assert resumed.metrics == unbroken.metrics
    assert (resumed.folder / "history.csv").read_bytes() == (unbroken.folder / "history.csv").read_bytes()
    assert (resumed.folder / "weights.safetensors").read_bytes() == (unbroken.folder / "weights.safetensors").read_bytes()


def test_ctrl_c_stays_ctrl_c(tmp_path: Path, recipe: Recipe, two_pools: list[Pool], monkeypatch: pytest.MonkeyPatch) -> None:
    handler = signal.getsignal(signal.SIGINT)

    def interrupt(self: History, row: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(History, "add", interrupt)
    with pytest.raises(KeyboardInterrupt):
        fit(recipe, two_pools, tmp_path / "run", ONE_THREAD)
    assert signal.getsignal(signal.SIGINT) is handler


def test_early_stopping_ends_a_run_that_does_not_get_better(tmp_path: Path, two_pools: list[Pool]) -> None:
    run = fit(tiny_recipe(epochs=9, rate=1e-9, average=0.0, patience=1, choose_by="one/accuracy"), two_pools, tmp_path / "run", ONE_THREAD)
    assert run.metrics["epochs"] == 2
    assert run.metrics["best_epoch"] == 1


def test_fine_tuning_starts_from_the_run_and_says_so(tmp_path: Path, finished: Run, recipe: Recipe, two_pools: list[Pool]) -> None:
    still = tiny_recipe(epochs=1, rate=1e-9, average=0.0)
    run = fit(still, two_pools, tmp_path / "run", Circumstances(threads=1, start=finished.folder))
    assert torch.allclose(run.network().classify.weight, finished.network().classify.weight, atol=1e-6)
    assert run.provenance["started_from"]["weights"] == file_digest(finished.folder / "weights.safetensors")
    assert run.provenance["started_from"]["provenance"]["pools"] == finished.provenance["pools"]


def test_what_does_not_fit_together_is_refused(tmp_path: Path, recipe: Recipe, two_pools: list[Pool], finished: Run) -> None:
    with pytest.raises(RunError, match="sources are one, two"):
        fit(recipe, two_pools[:1], tmp_path / "run", ONE_THREAD)
    with pytest.raises(UsageError, match="three/loss"):
        fit(tiny_recipe(choose_by="three/loss"), two_pools, tmp_path / "run", ONE_THREAD)
    with pytest.raises(RunError, match="already holds a run"):
        fit(recipe, two_pools, finished.folder, ONE_THREAD)
    with pytest.raises(RunError, match="no checkpoint to resume"):
        fit(recipe, two_pools, tmp_path / "run", Circumstances(resume=True))
    with pytest.raises(RunError, match="no finished run"):
        Run(tmp_path)


def test_what_validates_depends_on_the_source_and_not_on_the_others(tmp_path: Path, two_pools: list[Pool], finished: Run) -> None:
    """Else a run fine-tuned from one that left a source out would train on what that one was chosen by."""
    alone = fit(tiny_recipe(epochs=1).without("one"), two_pools[1:], tmp_path / "run", ONE_THREAD)
    assert np.array_equal(alone.sample().pictures[:10], finished.sample().pictures[-12:][:10])


def test_metrics_are_plain_json(finished: Run) -> None:
    assert json.loads((finished.folder / "metrics.json").read_text())["parameters"] == sum(
        p.numel() for p in finished.network().parameters()
    )


def test_a_loss_that_is_no_number_ends_the_run_with_what_was_good_before(
    tmp_path: Path, two_pools: list[Pool], monkeypatch: pytest.MonkeyPatch
) -> None:
    forward = Objective.forward

    def broken(self: Objective, network: torch.nn.Module, batch: Batch, *given: object) -> tuple[torch.Tensor, torch.Tensor]:
        loss, right = forward(self, network, batch, *given)  # type: ignore[arg-type]
        self.steps = getattr(self, "steps", 0) + 1  # type: ignore[assignment]
        return (loss * float("nan") if int(self.steps) > 30 else loss), right

    monkeypatch.setattr(Objective, "forward", broken)
    run = fit(tiny_recipe(epochs=6), two_pools, tmp_path / "run", ONE_THREAD)
    assert run.metrics["stopped"] == "the loss is no number any more in epoch 3"
    assert run.metrics["epochs"] == 2
    assert all(bool(each.isfinite().all()) for each in run.network().parameters())
    monkeypatch.setattr(Objective, "forward", lambda *given: (forward(*given)[0] * float("nan"), forward(*given)[1]))
    with pytest.raises(RunError, match="no number any more in epoch 1") as caught:
        fit(tiny_recipe(epochs=6), two_pools, tmp_path / "other", ONE_THREAD)
    assert "rate" in caught.value.hint


def test_data_that_cannot_train_are_refused_in_a_sentence(tmp_path: Path) -> None:
    recipe = tiny_recipe(batch=400).without("two")
    with pytest.raises(DataError, match="a batch is larger than the data: 400 pictures a step, 128 to train on"):
        fit(recipe, [shape_pool("one")], tmp_path / "a", ONE_THREAD)
    with pytest.raises(DataError, match="there is one class only"):
        fit(tiny_recipe().without("two"), [shape_pool("one", classes=(1,))], tmp_path / "b", ONE_THREAD)
    with pytest.raises(RunError, match="names no data"):
        fit(tiny_recipe().on([], "ABC"), [], tmp_path / "c", ONE_THREAD)
    assert not any(tmp_path.iterdir())


def test_a_device_that_is_not_there_is_told(tmp_path: Path, two_pools: list[Pool]) -> None:
    if torch.cuda.is_available():
        pytest.skip("there is a GPU")
    with pytest.raises(UsageError, match="this machine has not the device asked for: 1 x cuda, PyTorch finds none"):
        fit(tiny_recipe(), two_pools, tmp_path / "run", Circumstances(device="cuda"))
    with pytest.raises(UsageError, match="float16 is for GPUs, on the processor it is slow and inexact"):
        fit(tiny_recipe(precision="float16"), two_pools, tmp_path / "run", ONE_THREAD)


def test_one_gpu_is_not_silently_exchanged_for_two_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "device_count", lambda: 1)
    assert Circumstances(device="auto").accelerator() == "cuda"
    with pytest.raises(UsageError, match="not the device asked for: 2 x cuda, PyTorch finds 1 of them"):
        Circumstances(device="auto", devices=2).accelerator()


def test_the_last_epoch_is_kept_where_nothing_is_to_choose(tmp_path: Path, two_pools: list[Pool]) -> None:
    run = fit(tiny_recipe(epochs=3, rate=1e-9, average=0.0, choose_by="last"), two_pools, tmp_path / "run", ONE_THREAD)
    assert run.metrics["best_epoch"] == 3


def test_a_validation_part_validates_and_all_of_the_rest_trains(tmp_path: Path) -> None:
    pool = replace(shape_pool("one"), held=shape_pool("one", 50, 9))
    run = fit(tiny_recipe().without("two"), [pool], tmp_path / "run", ONE_THREAD)
    assert len(run.validation().logits) == 50
    assert sum(run.metrics["counts"]["one"].values()) == 160


def test_a_closed_run_starts_from_nothing(finished: Run) -> None:
    with pytest.raises(RunError, match="a closed run starts from nothing"):
        Circumstances(closed=True, start=finished.folder)


def test_a_callback_of_ones_own_is_called(tmp_path: Path, two_pools: list[Pool], monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine.py").write_text(
        "import lightning\n\n\nclass Counts(lightning.Callback):\n    def on_train_end(self, trainer, pl_module):\n"
        "        open('ended.txt', 'w').write(str(trainer.current_epoch))\n\n\nclass Needs(lightning.Callback):\n"
        "    def __init__(self, more):\n        pass\n"
    )
    monkeypatch.chdir(tmp_path)
    fit(tiny_recipe(callbacks=("mine:Counts",)), two_pools, tmp_path / "run", ONE_THREAD)
    assert (tmp_path / "ended.txt").read_text() == "2"
    told = Run(tmp_path / "run").provenance
    assert told["own_code"] == {"mine:Counts": file_digest(tmp_path / "mine.py")}
    assert told["closed"] is False
    with pytest.raises(UsageError, match="no class of this name in the module mine: Count") as caught:
        fit(tiny_recipe(callbacks=("mine:Count",)), two_pools, tmp_path / "other", ONE_THREAD)
    assert "`Counts`" in caught.value.hint
    with pytest.raises(UsageError, match="the callback mine:Needs cannot be made: TypeError"):
        fit(tiny_recipe(callbacks=("mine:Needs",)), two_pools, tmp_path / "another", ONE_THREAD)


def test_what_ones_own_code_raises_is_told_with_its_place(tmp_path: Path, two_pools: list[Pool], monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "raising.py").write_text(
        "import lightning\nfrom torch import nn\n\n\nclass Late(lightning.Callback):\n    def on_train_epoch_end(self, trainer, module):\n"
        "        if trainer.current_epoch == 1:\n            raise ValueError('too late')\n\n\nclass Net(nn.Linear):\n"
        "    def __init__(self, classes):\n        super().__init__(784, classes)\n\n    def forward(self, x):\n"
        "        return super().forward(x.flatten(1) if len(x) < 20 else x)\n"
    )
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RunError, match=r"^the run's own code failed in epoch 2: ValueError: too late \(raising.py, line 8\)"):
        fit(tiny_recipe(callbacks=("raising:Late",)), two_pools, tmp_path / "run", ONE_THREAD)
    assert (tmp_path / "run" / "last.ckpt").is_file()
    with pytest.raises(RunError, match=r"own code failed in epoch 1: RuntimeError: .* \(raising.py, line 16\)"):
        fit(tiny_recipe().changed({"network": {"name": "raising:Net"}}), two_pools, tmp_path / "net", ONE_THREAD)


def test_a_run_that_ended_before_its_first_epoch_may_begin_anew(
    tmp_path: Path, recipe: Recipe, two_pools: list[Pool], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as patched:
        patched.setattr(Objective, "forward", broken)
        with pytest.raises(ZeroDivisionError):
            fit(recipe, two_pools, tmp_path / "run", ONE_THREAD)
    assert (tmp_path / "run" / "recipe.toml").is_file()
    assert fit(recipe, two_pools, tmp_path / "run", ONE_THREAD).metrics["epochs"] == 2


def test_a_full_disk_is_told_and_loses_no_finished_epoch(tmp_path: Path, two_pools: list[Pool], monkeypatch: pytest.MonkeyPatch) -> None:
    recipe, save = tiny_recipe(epochs=3), lightning.Trainer.save_checkpoint

    def full(self: lightning.Trainer, file: Path) -> None:
        if self.current_epoch == 1:
            Path(file).write_bytes(b"half of it")
            raise OSError(errno.ENOSPC, "No space left on device", str(file))
        save(self, file)

    with monkeypatch.context() as patched:
        patched.setattr(lightning.Trainer, "save_checkpoint", full)
        with pytest.raises(RunError) as caught:
            fit(recipe, two_pools, tmp_path / "run", ONE_THREAD)
    assert str(caught.value) == f"the run cannot be written (no space left on device): {tmp_path / 'run'}"
    assert "--resume" in caught.value.hint
    resumed = fit(recipe, two_pools, tmp_path / "run", Circumstances(threads=1, resume=True))
    unbroken = fit(recipe, two_pools, tmp_path / "unbroken", ONE_THREAD)
    assert resumed.metrics == unbroken.metrics
    assert not [each.name for each in (tmp_path / "run").iterdir() if each.name.startswith(".")]


def test_a_validation_that_is_no_number_is_never_the_best(tmp_path: Path, two_pools: list[Pool], monkeypatch: pytest.MonkeyPatch) -> None:
    scored = module.scores

    def broken(*given: np.ndarray) -> dict[str, float]:
        found = scored(*given)
        broken.calls += 1  # type: ignore[attr-defined]
        return found | ({"loss": float("nan")} if broken.calls > 4 else {})  # type: ignore[attr-defined]

    broken.calls = 0  # type: ignore[attr-defined]
    monkeypatch.setattr(module, "scores", broken)
    run = fit(tiny_recipe(epochs=5), two_pools, tmp_path / "run", ONE_THREAD)
    assert (run.metrics["epochs"], run.metrics["stopped"]) == (2, "the loss is no number any more in epoch 3")
    assert sorted(each.stem for each in (run.folder / "epochs").iterdir()) == ["001", "002"]


def test_a_run_that_dies_while_it_finishes_is_not_taken_for_a_finished_one(
    tmp_path: Path, recipe: Recipe, two_pools: list[Pool], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(Answers, "save", broken)
        with pytest.raises(KeyboardInterrupt):
            fit(recipe, two_pools, tmp_path / "run", ONE_THREAD)
    with pytest.raises(RunError, match="no finished run"):
        Run(tmp_path / "run")
    resumed = fit(recipe, two_pools, tmp_path / "run", Circumstances(threads=1, resume=True))
    assert len(resumed.validation().logits) == len(resumed.sample().targets)


def test_a_run_that_had_stopped_early_does_not_train_on_when_it_is_resumed(
    tmp_path: Path, two_pools: list[Pool], monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = tiny_recipe(epochs=9, rate=1e-9, average=0.0, patience=1, choose_by="one/accuracy")
    unbroken = fit(recipe, two_pools, tmp_path / "unbroken", ONE_THREAD)
    with monkeypatch.context() as patched:
        patched.setattr(Answers, "save", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            fit(recipe, two_pools, tmp_path / "run", ONE_THREAD)
    resumed = fit(recipe, two_pools, tmp_path / "run", Circumstances(threads=1, resume=True))
    assert resumed.metrics == unbroken.metrics


def test_a_run_that_died_before_its_first_checkpoint_may_begin_anew(
    tmp_path: Path, recipe: Recipe, two_pools: list[Pool], monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr(lightning.Trainer, "save_checkpoint", lambda *given: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            fit(recipe, two_pools, tmp_path / "run", ONE_THREAD)
    assert (tmp_path / "run" / "history.csv").is_file()
    assert fit(recipe, two_pools, tmp_path / "run", ONE_THREAD).metrics["epochs"] == 2


def test_a_sample_is_taken_evenly_from_what_stands_class_by_class(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.modules["inkread.training.fit"], "SAMPLE", 9)
    order = np.argsort(shapes(160, 0)[1], kind="stable")
    pool = shape_pool("one")
    pool = replace(pool, renderings=pool.renderings[:, order], targets=pool.targets[order])
    run = fit(tiny_recipe(epochs=1).without("two"), [pool], tmp_path / "run", ONE_THREAD)
    assert len(run.sample().targets) == 9
    assert (run.sample().targets.sum(axis=0) >= 2).all()


def test_other_characters_begin_with_a_fresh_last_layer(tmp_path: Path, finished: Run, two_pools: list[Pool]) -> None:
    recipe = tiny_recipe(epochs=1, rate=1e-9, average=0.0)
    other = fit(replace(recipe, alphabet="XYZ"), two_pools, tmp_path / "run", Circumstances(threads=1, start=finished.folder))
    assert other.provenance["started_from"]["last_layer"] == "fresh"
    ours, theirs = (read_weights(run.folder / "weights.safetensors") for run in (other, finished))
    same = {name for name in ours if name.endswith("weight") and torch.allclose(ours[name], theirs[name], atol=1e-5)}
    assert "classify.weight" not in same
    assert len(same) == sum(name.endswith("weight") for name in ours) - 1


def test_batches_of_one_picture_and_batch_norm_do_not_meet(tmp_path: Path, two_pools: list[Pool]) -> None:
    with pytest.raises(UsageError, match="nothing to compare in batches of one picture"):
        fit(tiny_recipe(batch=1), two_pools, tmp_path / "run", ONE_THREAD)
    feed = Feed([two_pools[0]], [np.arange(33)], 16, 1, keep_last=True)
    assert [len(batch.source) for batch in feed.epoch(0)] == [16, 17]
    assert [len(batch.source) for batch in Feed([two_pools[0]], [np.arange(35)], 16, 1, keep_last=True).epoch(0)] == [16, 16, 3]
