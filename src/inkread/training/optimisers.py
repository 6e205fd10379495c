"""How weights follow their gradients, and how fast at which time of the training."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable
from functools import partial
from typing import Any, Literal, TypeAlias

import torch
from torch import Tensor, nn
from torch.optim import Optimizer
from torch.optim.lr_scheduler import LambdaLR, LinearLR, ReduceLROnPlateau

from ..recipes import Training, falling

Groups: TypeAlias = list[dict[str, Any]]

WATCHED = "chosen"
"""Under which name the value that ``training.choose_by`` names is logged each epoch."""

START = 0.04
"""The share of the rate that a warm-up begins with."""


def optimiser(network: nn.Module, training: Training) -> Optimizer:
    """The optimiser of a recipe over the trainable weights of ``network``; norms and biases do not decay.

    Reads ``optimizer``, ``rate``, ``momentum``, ``beta2``, ``epsilon`` and ``decay``:

    - ``sgd``: Nesterov's where there is momentum (Sutskever et al. 2013).
    - ``adam``: :class:`Adam`, ``momentum`` is beta1; the decay is added to the gradient.
    - ``adamw`` (Loshchilov & Hutter 2019): PyTorch's, ``momentum`` is beta1; the weights shrink by the decay.
    - ``rmsprop``: :class:`RootMeanSquare`, ``beta2`` is rho.
    - ``muon``: :class:`Muon`.

    As in Keras: ``beta2 = 0.999``, ``epsilon = 1e-7`` for adam; ``beta2 = 0.9``, ``momentum = 0``, ``epsilon = 1e-7`` for
    rmsprop; no decay. Both then take the steps that Keras takes.
    """
    groups = decaying(network, training.decay)
    rate, epsilon, betas = training.rate, training.epsilon, (training.momentum, training.beta2)
    # one kernel instead of ten takes a third of the time where weights are few; Lightning cannot clip gradients before it
    fused = not training.clip
    match training.optimizer:
        case "sgd":
            return torch.optim.SGD(groups, lr=rate, momentum=training.momentum, nesterov=training.momentum > 0)
        case "adam":
            return Adam(groups, rate, betas=betas, epsilon=epsilon)
        case "rmsprop":
            return RootMeanSquare(groups, rate, rho=training.beta2, momentum=training.momentum, epsilon=epsilon)
        case "muon":
            return Muon(_by_matrix(network, groups), rate, momentum=training.momentum, beta2=training.beta2, epsilon=epsilon)
        case _:
            return torch.optim.AdamW(groups, lr=rate, betas=betas, eps=epsilon, fused=fused)


def decaying(network: nn.Module, decay: float) -> Groups:
    """The trainable weights in two groups: matrices and kernels, which decay, and norms and biases, which do not."""
    weights = [each for each in network.parameters() if each.requires_grad]
    groups = [
        {"params": [each for each in weights if each.ndim > 1], "weight_decay": decay},
        {"params": [each for each in weights if each.ndim <= 1], "weight_decay": 0.0},
    ]
    return [group for group in groups if group["params"]]


def _by_matrix(network: nn.Module, groups: Groups) -> Groups:
    """The groups with what Muon is for apart: every matrix and kernel but those of the last layer, which are vectors of classes."""
    last = next((each.weight for each in reversed(list(network.modules())) if isinstance(each, nn.Linear)), None)
    parted = []
    for group in groups:
        for matrix in (True, False):
            weights = [each for each in group["params"] if (each.ndim > 1 and each is not last) == matrix]
            if weights:
                parted.append(group | {"params": weights, "matrix": matrix})
    return parted


class Adam(torch.optim.Adam):
    """Adam (Kingma & Ba 2015) as Keras has it: epsilon is added before the bias of the second moment is corrected.

    It is the "epsilon hat" at the end of the paper's section 2. PyTorch's is that of algorithm 1: what at step t is epsilon here
    is epsilon / sqrt(1 - beta2^t) there, at the first step 3e-6 for 1e-7. That tells on gradients below 1e-4.
    """

    def __init__(self, groups: Groups, rate: float, *, betas: tuple[float, float] = (0.9, 0.999), epsilon: float = 1e-7) -> None:
        super().__init__([group | {"epsilon": epsilon, "steps": 0} for group in groups], lr=rate, betas=betas, eps=epsilon)

    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        for group in self.param_groups:
            group["steps"] += 1
            group["eps"] = group["epsilon"] / math.sqrt(1.0 - group["betas"][1] ** group["steps"])
        loss: float | None = super().step(closure)
        return loss


class RootMeanSquare(Optimizer):
    """RMSprop (Tieleman & Hinton 2012) as Keras has it: epsilon under the root, rho 0.9.

    PyTorch adds epsilon to the root, which tells on all gradients below 3e-4.

    ``momentum`` gathers the steps, not the gradients; with 0.9 they become ten times as long as without.
    """

    def __init__(self, groups: Groups, rate: float, *, rho: float = 0.9, momentum: float = 0.0, epsilon: float = 1e-7) -> None:
        super().__init__(groups, {"lr": rate, "rho": rho, "momentum": momentum, "epsilon": epsilon, "weight_decay": 0.0})

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        loss = _evaluated(closure)
        for group in self.param_groups:
            weights, gradients = _with_gradients(group)
            if not weights:
                continue
            if group["weight_decay"]:
                gradients = list(torch._foreach_add(gradients, weights, alpha=group["weight_decay"]))
            squares = self._kept("square", weights)
            torch._foreach_mul_(squares, group["rho"])
            torch._foreach_addcmul_(squares, gradients, gradients, 1.0 - group["rho"])
            roots = torch._foreach_add(squares, group["epsilon"])
            torch._foreach_sqrt_(roots)
            steps = torch._foreach_div(gradients, roots)
            if group["momentum"]:
                moved = self._kept("moved", weights)
                torch._foreach_mul_(moved, group["momentum"])
                torch._foreach_add_(moved, steps)
                steps = tuple(moved)
            torch._foreach_add_(weights, steps, alpha=-group["lr"])
        return loss

    def _kept(self, name: str, weights: list[Tensor]) -> list[Tensor]:
        return [self.state[each].setdefault(name, torch.zeros_like(each)) for each in weights]


class Muon(Optimizer):
    """Momentum made orthogonal for matrices, AdamW for the rest (Jordan et al. 2024, "Muon: An optimizer for hidden layers").

    Groups with ``matrix=True`` hold matrices and kernels (as (outputs, everything else)); their steps are as long as AdamW's
    would be, 0.2 in root mean square (Liu et al. 2025, "Muon is Scalable for LLM Training", eq. 4), so that one rate
    and one decay serve both. PyTorch's own Muon takes no kernels and leaves the rest to a second optimiser.
    """

    def __init__(self, groups: Groups, rate: float, *, momentum: float = 0.95, beta2: float = 0.99, epsilon: float = 1e-8) -> None:
        super().__init__(
            groups, {"lr": rate, "momentum": momentum, "beta2": beta2, "epsilon": epsilon, "weight_decay": 0.0, "matrix": True}
        )

    @torch.no_grad()
    def step(self, closure: Callable[[], float] | None = None) -> float | None:  # type: ignore[override]
        loss = _evaluated(closure)
        for group in self.param_groups:
            weights, gradients = _with_gradients(group)
            for weight, gradient in zip(weights, gradients, strict=True):
                weight.mul_(1.0 - group["lr"] * group["weight_decay"])
                step = self._orthogonal(weight, gradient, group) if group["matrix"] else self._adam(weight, gradient, group)
                weight.add_(step, alpha=-group["lr"])
        return loss

    def _orthogonal(self, weight: Tensor, gradient: Tensor, group: dict[str, Any]) -> Tensor:
        mean: Tensor = self.state[weight].setdefault("mean", torch.zeros_like(weight))
        mean.lerp_(gradient, 1.0 - group["momentum"])
        matrix = gradient.lerp(mean, group["momentum"]).flatten(1)  # Nesterov's look ahead
        step = orthogonal(matrix) * (0.2 * math.sqrt(max(matrix.shape)))
        return step.view(weight.shape)

    def _adam(self, weight: Tensor, gradient: Tensor, group: dict[str, Any]) -> Tensor:
        state = self.state[weight]
        if not state:
            state |= {"step": torch.zeros(()), "mean": torch.zeros_like(weight), "square": torch.zeros_like(weight)}
        state["step"] += 1
        time = int(state["step"])
        state["mean"].lerp_(gradient, 1.0 - group["momentum"])
        state["square"].lerp_(gradient.square(), 1.0 - group["beta2"])
        root = (state["square"] / (1.0 - group["beta2"] ** time)).sqrt_().add_(group["epsilon"])
        step: Tensor = (state["mean"] / root).div_(1.0 - group["momentum"] ** time)
        return step


def orthogonal(matrix: Tensor, rounds: int = 5) -> Tensor:
    """A matrix (A,B) with all its singular values brought near 1 (0.7 to 1.2), their directions kept.

    The quintic Newton-Schulz iteration with the coefficients of Jordan et al. (2024).
    """
    upright = matrix.shape[0] > matrix.shape[1]
    x: Tensor = matrix.T if upright else matrix
    x = x / x.norm().clamp(min=1e-7)
    for _ in range(rounds):
        square = x @ x.T
        x = 3.4445 * x + (-4.7750 * square + 2.0315 * square @ square) @ x
    found: Tensor = x.T if upright else x
    return found


def schedule(optimizer: Optimizer, training: Training, total: int) -> list[dict[str, Any]]:
    """How the rate changes, as Lightning takes it; each schedule's state belongs to the checkpoint.

    ``total``: steps of the whole training. ``plateau`` looks once an epoch at what is logged as :data:`WATCHED`. All but
    ``cosine`` begin with a warm-up where ``warmup`` is not 0: a cosine with a warm-up is the one-cycle.
    """
    if training.schedule != "plateau":
        by_step = LambdaLR(optimizer, partial(_share_at_step, training=training, total=total))
        return [{"scheduler": by_step, "interval": "step"}]
    mode: Literal["min", "max"] = "min" if falling(training.choose_by) else "max"
    # PyTorch counts the epochs that are borne; ours the one at whose end the rate falls too
    plateau = ReduceLROnPlateau(optimizer, mode, training.factor, training.plateau - 1, threshold=0.0)
    told: list[dict[str, Any]] = [{"scheduler": plateau, "interval": "epoch", "monitor": WATCHED}]
    rising = round(total * training.warmup)
    return [*([{"scheduler": LinearLR(optimizer, START, 1.0, rising), "interval": "step"}] if rising else []), *told]


def _share_at_step(step: int, training: Training, total: int) -> float:
    return rate_share(step / max(total, 1), training)


def rate_share(progress: float, training: Training) -> float:
    """The learning rate as a share of the highest, at ``progress`` 0..1 of all steps."""
    if training.schedule == "cosine":
        return _cosine(progress)
    if progress < training.warmup:
        return START + (1.0 - START) * progress / training.warmup
    if training.schedule == "one-cycle":
        return _cosine((progress - training.warmup) / (1.0 - training.warmup))
    if training.schedule == "step":
        return float(training.factor ** bisect_right(sorted(training.steps), progress))
    return 1.0


def _cosine(progress: float) -> float:
    """From 1 to 0 (Loshchilov & Hutter 2017, without restarts)."""
    return 0.5 + 0.5 * math.cos(math.pi * min(progress, 1.0))


def _with_gradients(group: dict[str, Any]) -> tuple[list[Tensor], list[Tensor]]:
    weights = [each for each in group["params"] if each.grad is not None]
    return weights, [each.grad for each in weights]


def _evaluated(closure: Callable[[], float] | None) -> float | None:
    """Lightning runs the whole training step as a closure inside the optimiser's step."""
    if closure is None:
        return None
    with torch.enable_grad():
        return closure()
