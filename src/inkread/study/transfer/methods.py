"""How each method answers the test pictures of a fold, having seen its training pictures only."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ...alphabet import conversion
from ...evaluation import softmax
from .asked import Transfer
from .folds import Fold, few
from .heads import EPOCHS, WIDTH, added_layers, new_head
from .small_set import Body, SmallSet, body_on, restricted
from .trainings import begun_anew, fine_tuned, small

if TYPE_CHECKING:
    from torch import nn

    from ...networks import Size
    from ...recipes import Recipe


@dataclass(frozen=True, eq=False)
class Answered:
    """What a method says of a fold's M test pictures: ``probabilities`` float64 (M,K) over the answers asked for.

    ``size``: of the network that answers, with its head. ``pictures``: it was trained on. ``epochs``: of a training that has some;
    ``shown``: pictures that a whole network saw in them.
    """

    probabilities: NDArray[np.float64]
    size: Size
    pictures: int = 0
    epochs: int = 0
    shown: int = 0


def answer(asked: Transfer, shown: SmallSet, fold: Fold) -> Answered:
    """The method of ``asked`` on one fold."""
    return WAYS[asked.method](asked, shown, fold)


def _as_is(asked: Transfer, shown: SmallSet, fold: Fold) -> Answered:
    body = body_on(asked, shown)
    return Answered(restricted(body.probabilities[fold.test], body.run.recipe.alphabet, asked.alphabet), body.size)


def _new_head(asked: Transfer, shown: SmallSet, fold: Fold) -> Answered:
    body, chosen = body_on(asked, shown), few(shown.labels, fold, asked.examples, asked.seed)
    found = new_head(body.features[chosen], shown.labels[chosen], body.features[fold.test], fold.number)
    return Answered(_spread(found, shown.labels[chosen], shown), _with_head(body, len(shown.characters)), len(chosen))


def _added_layers(asked: Transfer, shown: SmallSet, fold: Fold) -> Answered:
    body, chosen = body_on(asked, shown), few(shown.labels, fold, asked.examples, asked.seed)
    epochs = asked.epochs or EPOCHS
    found = added_layers(body.features[chosen], shown.labels[chosen], body.features[fold.test], fold.number, epochs)
    return Answered(_spread(found, shown.labels[chosen], shown), _with_head(body, len(shown.characters), WIDTH), len(chosen), epochs)


def _fine_tuned(asked: Transfer, shown: SmallSet, fold: Fold) -> Answered:
    """The body keeps its own answers: a picture of ``A`` may be ``A`` or ``a`` to one that tells cases."""
    run = body_on(asked, shown).run
    recipe = fine_tuned(run.recipe, _seed(asked, fold), asked.epochs)
    allowed = conversion(recipe.alphabet, asked.alphabet).weights == 1.0
    return _trained(asked, shown, fold, recipe, shown.targets() @ allowed.T, run.network())


def _scratch_same(asked: Transfer, shown: SmallSet, fold: Fold) -> Answered:
    recipe = begun_anew(body_on(asked, shown).run.recipe, asked.alphabet, _seed(asked, fold), asked.epochs)
    return _trained(asked, shown, fold, recipe, shown.targets())


def _scratch_small(asked: Transfer, shown: SmallSet, fold: Fold) -> Answered:
    return _trained(asked, shown, fold, small(asked.alphabet, _seed(asked, fold), asked.epochs), shown.targets())


def _trained(
    asked: Transfer, shown: SmallSet, fold: Fold, recipe: Recipe, targets: NDArray[np.bool_], start: nn.Module | None = None
) -> Answered:
    """As many steps whatever the number of examples: fewer of them are shown more often."""
    from ...networks import size
    from ...training import Pool, logits_of, quickly

    chosen = few(shown.labels, fold, asked.examples, asked.seed)
    repeat = len(fold.train) / len(chosen)
    network = quickly(recipe, Pool("fold", shown.pictures[None, chosen], targets[chosen], repeat), start)
    found = softmax(logits_of(network, shown.pictures[fold.test]).astype(np.float64))
    epochs = recipe.training.epochs
    told = restricted(found, recipe.alphabet, asked.alphabet)
    return Answered(told, size(network), len(chosen), epochs, epochs * len(fold.train))


def _seed(asked: Transfer, fold: Fold) -> int:
    """Of a training: another for each fold, the same for each method."""
    return 1000 * asked.seed + fold.number


def _spread(probabilities: NDArray[np.float64], labels: NDArray[np.int64], shown: SmallSet) -> NDArray[np.float64]:
    """Over all answers, of probabilities of the classes that occur in ``labels``."""
    found = np.zeros((len(probabilities), len(shown.characters)))
    found[:, np.unique(labels)] = probabilities
    return found


def _with_head(body: Body, answers: int, hidden: int = 0) -> Size:
    """The body's size with another head, behind a hidden layer where there is one."""
    from ...networks import Size

    own = getattr(body.run.network(), "classify", None)
    old = own.in_features * own.out_features if own is not None else 0
    width = body.features.shape[1]
    new = width * hidden + hidden * answers if hidden else width * answers
    trained = new + hidden + answers
    parameters = body.size.parameters - sum(each.numel() for each in own.parameters()) if own is not None else body.size.parameters
    return Size(parameters + trained, trained, body.size.multiply_adds - old + new)


WAYS: dict[str, Callable[[Transfer, SmallSet, Fold], Answered]] = {
    "as is": _as_is,
    "new head": _new_head,
    "added layers": _added_layers,
    "fine-tuned": _fine_tuned,
    "scratch same": _scratch_same,
    "scratch small": _scratch_small,
}
"""One for each of :data:`.asked.METHODS`."""
