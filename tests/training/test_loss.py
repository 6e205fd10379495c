"""The loss of sets of characters, and that adjusted logits come out free of the sources' priors."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from inkread.training.loss import class_shares, log_prior, set_loss


def test_a_single_target_costs_the_cross_entropy() -> None:
    logits, labels = torch.randn(9, 5), torch.randint(0, 5, (9,))
    loss = set_loss(logits, torch.eye(5, dtype=torch.bool)[labels], torch.zeros(9, 5))
    assert torch.allclose(loss, torch.nn.functional.cross_entropy(logits, labels, reduction="none"), atol=1e-5)


def test_a_set_costs_minus_the_log_of_its_summed_probability() -> None:
    logits = torch.log(torch.tensor([[0.5, 0.3, 0.2]]))
    assert set_loss(logits, torch.tensor([[True, False, True]]), torch.zeros(1, 3)).item() == pytest.approx(-np.log(0.7), abs=1e-6)
    assert set_loss(logits, torch.tensor([[True, True, True]]), torch.zeros(1, 3)).item() == pytest.approx(0.0, abs=1e-6)


def test_huge_logits_stay_finite() -> None:
    loss = set_loss(torch.tensor([[400.0, -400.0]], requires_grad=True), torch.tensor([[False, True]]), torch.zeros(1, 2), 0.1)
    loss.sum().backward()
    assert torch.isfinite(loss).all()


def test_ambiguous_pictures_are_shared_out_as_the_certain_ones_are() -> None:
    certain = np.eye(3, dtype=bool)[[0] * 8 + [1] * 2]
    both = np.array([[True, True, False]] * 12)
    assert class_shares(np.concatenate([certain, both])) == pytest.approx([8 + 9, 2 + 3, 0])
    assert np.exp(log_prior(np.concatenate([certain, both]))).sum() == pytest.approx(1.0)


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_adjusted_logits_are_free_of_the_prior(smoothing: float) -> None:
    """A toy: two classes overlap in one number; class 0 is nine times as frequent; the logit of a mid-way picture must be even."""
    torch.manual_seed(0)
    labels = torch.tensor([0] * 1800 + [1] * 200)
    x = torch.randn(2000) + labels * 2.0
    targets = torch.eye(2, dtype=torch.bool)[labels]
    found = {}
    for adjusted in (True, False):
        prior = torch.tensor(log_prior(targets.numpy()), dtype=torch.float32) if adjusted else torch.zeros(2)
        layer = torch.nn.Linear(1, 2)
        optimizer = torch.optim.LBFGS(layer.parameters(), max_iter=100)

        def step(layer=layer, optimizer=optimizer, prior=prior) -> torch.Tensor:  # type: ignore[no-untyped-def]
            optimizer.zero_grad()
            loss = set_loss(layer(x[:, None]), targets, prior.expand(2000, 2), smoothing).mean()
            loss.backward()
            return loss

        optimizer.step(step)
        found[adjusted] = layer(torch.tensor([[1.0]])).softmax(dim=1)[0, 1].item()
    assert found[True] == pytest.approx(0.5, abs=0.06)
    assert found[False] < 0.25
