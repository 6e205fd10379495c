"""The sets that inkread knows by name, one file a family."""

from __future__ import annotations

from ...errors import SourceNotFound, nearest
from ..cards import Card
from .alphadigits import ALPHADIGITS
from .drawn import DRAWN
from .emnist import EMNIST
from .mnist import MNIST
from .qmnist import QMNIST
from .usps import USPS

CARDS: dict[str, Card] = {each.name: each for each in (MNIST, *EMNIST, QMNIST, USPS, ALPHADIGITS, DRAWN)}
"""Every card by name, in the order of ``inkread data list``."""


def card(name: str) -> Card:
    """The card of this name; :class:`SourceNotFound` with the names nearest to it."""
    if name not in CARDS:
        raise SourceNotFound(f"no such data set in the catalogue: {name}", nearest(name, tuple(CARDS)))
    return CARDS[name]
