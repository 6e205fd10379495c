"""What a loss teaches of how frequent classes are, and that nothing of it leaves a run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from inkread.recipes import Training
from inkread.training import Circumstances, Pool, fit
from inkread.training.feed import Batch
from inkread.training.objective import Objective
from inkread.training.run import WithoutPrior, without_prior
from tiny_training import shapes, tiny_recipe

FREQUENT = np.eye(3, dtype=bool)[[0] * 8 + [1] * 2 + [2] * 2]


class Fixed(torch.nn.Module):
    """A network that says the same of every picture."""

    def __init__(self, logits: list[float]) -> None:
        super().__init__()
        self.logits = torch.tensor(logits)

    def forward(self, pictures: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        return self.logits.expand(len(pictures), -1), pictures.flatten(1)


def batch(labels: list[int]) -> Batch:
    return Batch(torch.zeros(len(labels), 28, 28), torch.eye(3, dtype=torch.bool)[labels], torch.zeros(len(labels), dtype=torch.int64))


def loss_of(imbalance: str, labels: list[int], **changes: float) -> float:
    objective = Objective(Training(imbalance=imbalance, **changes), [FREQUENT], [1.0])  # type: ignore[arg-type]
    given = batch(labels)
    return float(objective(Fixed([0.0, 0.0, 0.0]), given, given.pictures, torch.Generator().manual_seed(0))[0])


def test_without_a_correction_every_picture_counts_the_same() -> None:
    assert loss_of("none", [0]) == pytest.approx(np.log(3))
    assert loss_of("sampler", [1]) == pytest.approx(np.log(3))


def test_a_weighted_class_counts_the_less_the_more_frequent_it_is() -> None:
    frequent, rare = loss_of("weights", [0]), loss_of("weights", [1])
    assert rare / frequent == pytest.approx(4.0)
    assert (8 * frequent + 4 * rare) / 12 == pytest.approx(np.log(3))


def test_weights_go_by_how_often_a_class_is_drawn() -> None:
    one, two = (np.eye(2, dtype=bool)[[label] * 100] for label in (0, 1))
    objective = Objective(Training(imbalance="weights"), [one, two], [1.0, 4.0])
    weights = objective.weights.numpy()
    assert weights[0] / weights[1] == pytest.approx(4.0)
    assert np.average(weights, weights=[1.0, 4.0]) == pytest.approx(1.0)


def test_a_corrected_loss_adds_the_prior_first() -> None:
    counts = np.array([8.5, 2.5, 2.5])
    assert loss_of("prior-correction", [1]) == pytest.approx(-np.log(2.5 / counts.sum()), rel=1e-5)


def test_only_a_plain_loss_learns_the_prior() -> None:
    for imbalance in ("weights", "sampler", "prior-correction"):
        assert not Objective(Training(imbalance=imbalance), [FREQUENT], [1.0]).learnt.any()
    learnt = Objective(Training(imbalance="none"), [FREQUENT], [1.0]).learnt
    assert np.exp(learnt) == pytest.approx(np.array([8.5, 2.5, 2.5]) / 13.5)


@pytest.mark.parametrize("imbalance", ["none", "weights", "prior-correction"])
@pytest.mark.parametrize("mixup", [0.0, 1.0])
def test_smoothing_leaves_what_is_said_of_an_empty_picture_free_of_the_prior(imbalance: str, mixup: float) -> None:
    """Where pictures say nothing the least loss is at the frequencies learnt: once they are taken out all is even."""
    labels = [0] * 900 + [1] * 90 + [2] * 10
    objective = Objective(Training(imbalance=imbalance, smoothing=0.1, mixup=mixup), [np.eye(3, dtype=bool)[labels]], [1.0])
    fixed, given, generator = Fixed([0.0, 0.0, 0.0]), batch(labels), torch.Generator().manual_seed(0)
    fixed.logits = torch.tensor(objective.learnt).float().requires_grad_()
    losses = torch.stack([objective(fixed, given, given.pictures[:, :1, :1], generator)[0] for _ in range(100 if mixup else 1)])
    losses.mean().backward()
    assert fixed.logits.grad is not None
    assert fixed.logits.grad.abs().max().item() < 0.003


def test_mixup_asks_for_both_characters_in_their_shares() -> None:
    objective = Objective(Training(imbalance="none", mixup=1.0), [FREQUENT], [1.0])
    given = batch([0, 1])
    fixed = Fixed([2.0, 0.0, 0.0])
    loss, right = objective(fixed, given, given.pictures, torch.Generator().manual_seed(3))
    of = -torch.log_softmax(fixed.logits, 0)
    assert min(of[:2]) < float(loss) < max(of[:2])
    assert right.tolist() == [True, False]


def test_the_prior_is_taken_out_of_the_last_bias_or_behind_a_network_without_one() -> None:
    learnt = torch.tensor([0.5, -0.5, 0.0])
    behind = without_prior(Fixed([1.0, 1.0, 1.0]), learnt)
    assert isinstance(behind, WithoutPrior)
    assert behind(torch.zeros(1, 28, 28))[0].tolist() == [[0.5, 1.5, 1.0]]
    network = Fixed([0.0, 0.0, 0.0])
    network.classify = torch.nn.Linear(4, 3)  # type: ignore[assignment]
    before = network.classify.bias.detach().clone()  # type: ignore[union-attr]
    assert without_prior(network, learnt) is network
    assert torch.allclose(network.classify.bias, before - learnt)  # type: ignore[union-attr]


@pytest.mark.parametrize("imbalance", ["none", "weights", "sampler", "prior-correction"])
def test_logits_that_leave_a_run_are_free_of_the_prior(imbalance: str, tmp_path: Path) -> None:
    """An empty picture says nothing: no answer to it is much more likely than another, however frequent it was."""
    pictures, labels = shapes(900, 5)
    kept = np.flatnonzero((labels == 0) | (np.arange(900) % 9 == 0))
    pictures[np.random.default_rng(0).random(900) < 0.5] = 0  # half of them show nothing: of them only frequencies can be learnt
    pool = Pool("one", pictures[None, kept], np.eye(3, dtype=bool)[labels[kept]])
    recipe = tiny_recipe(epochs=8, imbalance=imbalance, average=0.0, rate=0.01).without("two")
    run = fit(recipe, [pool], tmp_path / "run", Circumstances(threads=1))
    with torch.inference_mode():
        blank = run.network()(torch.zeros(1, 28, 28))[0][0].numpy()
    shares = np.log([(labels[kept] == each).mean() for each in range(3)])
    assert shares[0] - shares[1:].mean() > 2.0
    assert blank[0] - blank[1:].mean() < 1.0
    assert run.metrics["scores"]["one"]["accuracy"] > 0.6
