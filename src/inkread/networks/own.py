"""A module of the user's own, made to take pictures and to give logits and features as ours do."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from ..errors import UsageError
from .layers import ink

VIEWS: dict[str, Callable[[Tensor], Tensor]] = {
    "(N,1,28,28)": lambda maps: maps,
    "(N,28,28)": lambda maps: maps.squeeze(1),
    "(N,784)": lambda maps: maps.flatten(1),
    "(N,3,28,28)": lambda maps: maps.expand(-1, 3, -1, -1),
}
"""What a module may take, as float 0..1, in the order in which it is tried."""
TRIED = 5
"""Pictures of the trial: a number that is no side and no count of channels in use."""


class Own(nn.Module):
    """Gives pictures to ``module`` as it wants them (a key of :data:`VIEWS`), and logits (N, classes) and features (N,D) back.

    ``last``: the name of its last dense layer, whose input the features are; the logits where it is empty or where the module
    gives a pair of logits and features itself.
    """

    def __init__(self, module: nn.Module, view: str, last: str = "") -> None:
        super().__init__()
        self.module = module
        self.view = view
        self.last = last

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor]:
        maps = VIEWS[self.view](ink(pictures))
        if not self.last:
            return _pair(self.module(maps))
        seen: list[Tensor] = []
        with self.module.get_submodule(self.last).register_forward_pre_hook(lambda layer, given: seen.append(given[0])):
            logits = self.module(maps)
        return logits, seen[-1]


def adopted(module: nn.Module, classes: int, name: str) -> Own:
    """``module`` wrapped, after one forward on blank pictures; :class:`UsageError` where it is no network for these classes."""
    training = module.training
    maps = torch.zeros(TRIED, 1, 28, 28)
    try:
        with torch.no_grad():
            view, given = _tried(module.eval(), maps, name)
            logits = _logits(given, classes, name)
            _check_trainable(module, VIEWS[view](maps), name)
            return Own(module, view, "" if isinstance(given, tuple) else _last(module, VIEWS[view](maps), logits))
    finally:
        module.train(training)


def _tried(module: nn.Module, maps: Tensor, name: str) -> tuple[str, object]:
    """The first view that the module takes, and what it gives for it."""
    refused: list[str] = []
    for view, seen_as in VIEWS.items():
        try:
            given = module(seen_as(maps))
        except Exception as error:  # somebody's own code: whatever it raises says that this view does not fit
            refused.append(f"{view}: {str(error).splitlines()[0] if str(error) else type(error).__name__}")
            continue
        if isinstance(given, list):
            given = tuple(given)
        first = given[0] if isinstance(given, tuple) and given else given
        if isinstance(first, Tensor) and first.ndim == 2 and len(first) == TRIED:
            return view, given
        refused.append(f"{view}: gives {_shape(first)}")
    raise UsageError(
        f"the network {name} does not give logits (N, classes) for pictures: {'; '.join(refused)}", f"it may take {' or '.join(VIEWS)}"
    )


def _logits(given: object, classes: int, name: str) -> Tensor:
    """The logits among what the module gave, or why they are none."""
    logits, features = _pair(given)
    if features.ndim != 2 or len(features) != len(logits):
        raise UsageError(f"the network {name} gives features that are no vectors (N,D): {_shape(features)}")
    if logits.shape[1] != classes:
        hint = "its constructor is given the number of classes where it takes `classes` or `num_classes`"
        raise UsageError(f"the network {name} does not give logits of {classes} classes: {_shape(logits)}", hint)
    if not logits.is_floating_point():
        raise UsageError(f"the network {name} does not give logits but {str(logits.dtype).removeprefix('torch.')}: {_shape(logits)}")
    if classes > 1 and bool((logits >= 0).all()) and torch.allclose(logits.sum(dim=1), torch.ones(len(logits)), atol=1e-5):
        raise UsageError(f"the network {name} gives probabilities, not logits: {_shape(logits)}", "take its softmax away, the loss has it")
    return logits


def _check_trainable(module: nn.Module, view: Tensor, name: str) -> None:
    if not any(each.requires_grad for each in module.parameters()):
        raise UsageError(f"the network {name} has no weights to train", "layers are attributes of the module, or in a ModuleList")
    with torch.enable_grad():
        if not _pair(module(view))[0].requires_grad:
            raise UsageError(
                f"the logits of the network {name} do not depend on its weights", "take detach() and no_grad() out of its forward"
            )


def _last(module: nn.Module, view: Tensor, logits: Tensor) -> str:
    """The name of the dense layer whose output the logits are, where there is one."""
    outputs: dict[str, tuple[Tensor, Tensor]] = {}

    def noted(name: str) -> Callable[[nn.Module, tuple[Tensor, ...], Tensor], None]:
        return lambda layer, given, output: outputs.update({name: (given[0], output)})

    hooks = [each.register_forward_hook(noted(name)) for name, each in module.named_modules() if name and isinstance(each, nn.Linear)]
    module(view)
    for hook in hooks:
        hook.remove()
    fitting = [
        name
        for name, (given, output) in outputs.items()
        if given.ndim == 2 and output.shape == logits.shape and torch.equal(output, logits)
    ]
    return fitting[-1] if fitting else ""


def _pair(given: object) -> tuple[Tensor, Tensor]:
    if isinstance(given, tuple | list):
        return (given[0], given[1]) if len(given) > 1 and isinstance(given[1], Tensor) else (given[0], given[0])
    assert isinstance(given, Tensor)
    return given, given


def _shape(given: object) -> str:
    return str(tuple(given.shape)) if isinstance(given, Tensor) else type(given).__name__
