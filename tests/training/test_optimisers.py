"""Every optimiser learns, goes on from a checkpoint as if nothing had happened, and its rate is what the schedule says."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import Any

import pytest
import torch
from torch import Tensor, nn

from inkread.recipes import Training
from inkread.recipes.parts import OPTIMIZERS, SCHEDULES
from inkread.training.optimisers import Adam, Muon, RootMeanSquare, decaying, optimiser, orthogonal, rate_share, schedule

RATES = {"sgd": 0.05, "adam": 0.01, "adamw": 0.01, "rmsprop": 0.002, "muon": 0.01}


def network(seed: int = 0) -> nn.Sequential:
    torch.manual_seed(seed)
    return nn.Sequential(nn.Conv2d(1, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Linear(4 * 16, 8), nn.ReLU(), nn.Linear(8, 3))


def batches(count: int) -> list[tuple[Tensor, Tensor]]:
    """Which third of a 6x6 picture is bright."""
    generator = torch.Generator().manual_seed(5)
    made = []
    for _ in range(count):
        labels = torch.randint(0, 3, (24,), generator=generator)
        pictures = torch.rand(24, 1, 6, 6, generator=generator)
        for picture, label in zip(pictures, labels.tolist(), strict=True):
            picture[0, 2 * label : 2 * label + 2] += 0.4
        made.append((pictures, labels))
    return made


def train(model: nn.Module, how: torch.optim.Optimizer, shown: list[tuple[Tensor, Tensor]]) -> list[float]:
    losses = []
    for pictures, labels in shown:
        loss = nn.functional.cross_entropy(model(pictures), labels)
        how.zero_grad()
        loss.backward()
        how.step()
        losses.append(loss.item())
    return losses


def kept(states: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The states as a checkpoint gives them back, which is read without pickle."""
    file = io.BytesIO()
    torch.save(states, file)
    read: list[dict[str, Any]] = torch.load(io.BytesIO(file.getvalue()), weights_only=True)
    return read


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_every_optimiser_learns(name: str) -> None:
    model = network()
    losses = train(model, optimiser(model, Training(optimizer=name, rate=RATES[name])), batches(60))
    assert sum(losses[-5:]) < 0.5 * sum(losses[:5])


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_a_checkpoint_goes_on_as_the_unbroken_training(name: str) -> None:
    shown, training = batches(12), Training(optimizer=name, rate=RATES[name], decay=0.1)
    unbroken = network()
    train(unbroken, optimiser(unbroken, training), shown)
    first = network()
    how = optimiser(first, training)
    train(first, how, shown[:6])
    model_state, how_state = kept([first.state_dict(), how.state_dict()])
    second = network(1)
    second.load_state_dict(model_state)
    again = optimiser(second, training)
    again.load_state_dict(how_state)
    train(second, again, shown[6:])
    assert all(torch.equal(one, other) for one, other in zip(unbroken.state_dict().values(), second.state_dict().values(), strict=True))


def test_norms_and_biases_do_not_decay() -> None:
    with_decay, without = decaying(network(), 0.3)
    assert (with_decay["weight_decay"], without["weight_decay"]) == (0.3, 0.0)
    assert [each.ndim for each in with_decay["params"]] == [4, 2, 2]
    assert {each.ndim for each in without["params"]} == {1}


@pytest.mark.parametrize("name", OPTIMIZERS)
def test_decay_shrinks_weights_that_have_no_gradient(name: str) -> None:
    layer = nn.Linear(4, 4)
    nn.init.ones_(layer.weight)
    how = optimiser(layer, Training(optimizer=name, rate=0.1, momentum=0.0, decay=0.5))
    layer.weight.grad = torch.zeros(4, 4)
    how.step()
    assert float(layer.weight.detach().max()) < 1.0


def test_adam_is_that_of_keras() -> None:
    """By hand: alpha = rate sqrt(1 - beta2^t) / (1 - beta1^t); increment = alpha m / (sqrt(v) + epsilon)."""
    weight = nn.Parameter(torch.tensor([1.0], dtype=torch.float64))
    how = Adam([{"params": [weight]}], 0.001, betas=(0.9, 0.999), epsilon=1e-7)
    expected, mean, square = 1.0, 0.0, 0.0
    for step, gradient in enumerate((1e-6, -3e-6, 2e-6), 1):
        weight.grad = torch.tensor([gradient], dtype=torch.float64)
        how.step()
        mean, square = 0.9 * mean + 0.1 * gradient, 0.999 * square + 0.001 * gradient**2
        expected -= 0.001 * (1 - 0.999**step) ** 0.5 / (1 - 0.9**step) * mean / (square**0.5 + 1e-7)
        assert weight.item() == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_rmsprop_is_that_of_keras(momentum: float) -> None:
    """By hand: velocity = rho v + (1 - rho) g^2; increment = rate g / sqrt(velocity + epsilon), gathered where there is momentum."""
    weight = nn.Parameter(torch.tensor([1.0], dtype=torch.float64))
    how = RootMeanSquare([{"params": [weight]}], 0.001, rho=0.9, momentum=momentum, epsilon=1e-7)
    expected, velocity, moved = 1.0, 0.0, 0.0
    for gradient in (1e-4, -3e-4, 0.2):
        weight.grad = torch.tensor([gradient], dtype=torch.float64)
        how.step()
        velocity = 0.9 * velocity + 0.1 * gradient**2
        moved = momentum * moved + 0.001 * gradient / (velocity + 1e-7) ** 0.5
        expected -= moved
        assert weight.item() == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("shape", [(8, 20), (20, 8), (6, 6)])
def test_muon_makes_a_step_orthogonal(shape: tuple[int, int]) -> None:
    matrix = torch.randn(shape, generator=torch.Generator().manual_seed(2))
    made = orthogonal(matrix)
    values = torch.linalg.svdvals(made)
    assert values.max() < 1.3
    assert values.min() > 0.6
    u, _, v = torch.linalg.svd(matrix, full_matrices=False)
    assert torch.nn.functional.cosine_similarity(made.flatten(), (u @ v).flatten(), dim=0) > 0.97


def test_muon_is_for_hidden_matrices_and_the_last_layer_is_adams() -> None:
    model = network()
    how = optimiser(model, Training(optimizer="muon"))
    assert isinstance(how, Muon)
    matrices = {id(each) for group in how.param_groups if group["matrix"] for each in group["params"]}
    assert matrices == {id(model[0].weight), id(model[4].weight)}
    assert sum(len(group["params"]) for group in how.param_groups) == len(list(model.parameters()))


def test_what_muon_leaves_to_adam_goes_as_adamw_does() -> None:
    ours, theirs = nn.Parameter(torch.ones(5)), nn.Parameter(torch.ones(5))
    muon = Muon([{"params": [ours], "matrix": False, "weight_decay": 0.1}], 0.01, momentum=0.9, beta2=0.99)
    adamw = torch.optim.AdamW([theirs], lr=0.01, betas=(0.9, 0.99), weight_decay=0.1)
    for seed in range(4):
        gradient = torch.randn(5, generator=torch.Generator().manual_seed(seed))
        ours.grad, theirs.grad = gradient, gradient.clone()
        muon.step()
        adamw.step()
    assert torch.allclose(ours, theirs, atol=1e-6)


def rates(training: Training, total: int = 100) -> list[float]:
    return [rate_share(step / total, training) for step in range(total + 1)]


def test_schedules_are_what_they_are_called() -> None:
    cycle = rates(Training(schedule="one-cycle", warmup=0.2))
    assert cycle[0] == pytest.approx(0.04)
    assert max(cycle) == cycle[20] == pytest.approx(1.0)
    assert cycle[60] == pytest.approx(0.5)
    assert cycle[100] == pytest.approx(0.0, abs=1e-9)
    assert rates(Training(schedule="cosine"))[:1] == [1.0]
    assert set(rates(Training(schedule="constant", warmup=0.0))) == {1.0}
    steps = rates(Training(schedule="step", warmup=0.0, steps=(0.75, 0.5), factor=0.1))
    assert [steps[at] for at in (0, 49, 50, 74, 75, 100)] == pytest.approx([1.0, 1.0, 0.1, 0.1, 0.01, 0.01])
    assert all(one >= other for one, other in pairwise(cycle[20:]))


def test_the_rate_falls_when_the_chosen_value_stays_and_not_before() -> None:
    training = Training(schedule="plateau", rate=0.1, warmup=0.0, plateau=2, factor=0.5, choose_by="mean/accuracy")
    how = optimiser(network(), training)
    (told,) = schedule(how, training, 100)
    assert (told["interval"], told["monitor"]) == ("epoch", "chosen")
    seen = []
    for value in (0.5, 0.6, 0.6, 0.6, 0.7, 0.6):
        told["scheduler"].step(value)
        seen.append(how.param_groups[0]["lr"])
    assert seen == pytest.approx([0.1, 0.1, 0.1, 0.05, 0.05, 0.05])


def test_a_plateau_may_begin_with_a_warm_up() -> None:
    training = Training(schedule="plateau", rate=0.1, warmup=0.1, plateau=1, factor=0.5, choose_by="mean/loss")
    how = optimiser(network(), training)
    rising, plateau = (each["scheduler"] for each in schedule(how, training, 100))
    assert how.param_groups[0]["lr"] == pytest.approx(0.004)
    seen = []
    for step in range(1, 31):
        how.step()
        rising.step()
        if step % 10 == 0:
            plateau.step(1.0)
        seen.append(how.param_groups[0]["lr"])
    assert seen[8:19] == pytest.approx([0.0904, *[0.1] * 10])
    assert seen[-1] == pytest.approx(0.025)


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_schedule_goes_on_from_its_state(name: str) -> None:
    training = Training(schedule=name, rate=0.1, plateau=2 if name == "plateau" else 3, steps=(0.5,) if name == "step" else ())
    values = [3.0, 2.0, 2.0, 2.0, 2.0, 2.0, 1.0, 1.0]

    def run(how: torch.optim.Optimizer, told: list[dict[str, object]], at: range) -> list[float]:
        seen = []
        for step in at:
            how.step()
            for each in told:
                each["scheduler"].step(*([values[step]] if each["interval"] == "epoch" else []))  # type: ignore[attr-defined]
            seen.append(how.param_groups[0]["lr"])
        return seen

    how = optimiser(network(), training)
    unbroken = run(how, schedule(how, training, 8), range(8))
    how = optimiser(network(), training)
    told = schedule(how, training, 8)
    first = run(how, told, range(4))
    states = kept([how.state_dict(), *(each["scheduler"].state_dict() for each in told)])
    how = optimiser(network(), training)
    told = schedule(how, training, 8)
    how.load_state_dict(states[0])
    for each, state in zip(told, states[1:], strict=True):
        each["scheduler"].load_state_dict(state)
    assert first + run(how, told, range(4, 8)) == unbroken
