"""Mixed pictures: what is mixed is what is told, by the generator alone."""

from __future__ import annotations

import pytest
import torch

from inkread.training.mix import mixup


def batch(count: int = 64) -> tuple[torch.Tensor, torch.Tensor]:
    pictures = torch.arange(count, dtype=torch.float32).view(-1, 1, 1).expand(count, 4, 4) / count
    return pictures, torch.eye(count, dtype=torch.bool)


def generator(seed: int = 0) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def test_the_picture_is_the_mean_of_the_two_that_are_told_in_the_share_that_is_told() -> None:
    pictures, targets = batch()
    mixed, first, second, share = mixup(pictures, targets, 0.4, generator())
    assert torch.equal(first, targets)
    one, other = pictures[first.long().argmax(dim=1)], pictures[second.long().argmax(dim=1)]
    assert torch.allclose(mixed, share.view(-1, 1, 1) * one + (1 - share.view(-1, 1, 1)) * other, atol=1e-6)
    assert (second.sum(dim=0) == 1).all(), "every picture is laid over one other"
    assert not torch.equal(first, second)


def test_the_same_state_of_the_generator_gives_the_same() -> None:
    once, again, other = (mixup(*batch(), 0.4, generator(seed)) for seed in (3, 3, 4))
    assert all(torch.equal(one, two) for one, two in zip(once, again, strict=True))
    assert not torch.equal(once[0], other[0])


@pytest.mark.parametrize("alpha", [0.05, 0.4, 1.0, 8.0])
def test_shares_are_of_a_beta_distribution_folded_at_a_half(alpha: float) -> None:
    pictures, targets = torch.zeros(4000, 1, 1), torch.zeros(4000, 1, dtype=torch.bool)
    share = mixup(pictures, targets, alpha, generator())[3].double()
    assert share.isfinite().all()
    assert share.min() >= 0.5
    assert share.max() <= 1.0
    variance = ((share - 0.5) ** 2).mean().item()
    assert variance == pytest.approx(1 / (4 * (2 * alpha + 1)), rel=0.06)


@pytest.mark.parametrize("alpha", [1e-45, 1e-3, 0.02])
def test_a_small_alpha_mixes_next_to_nothing(alpha: float) -> None:
    pictures, targets = torch.zeros(20000, 1, 1), torch.zeros(20000, 1, dtype=torch.bool)
    share = mixup(pictures, targets, alpha, generator())[3]
    assert share.isfinite().all()
    assert (share < 0.51).float().mean().item() < 0.002
    assert share.mean().item() > 0.98
