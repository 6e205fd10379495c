"""What TensorBoard shows beside the curves: pictures as training sees them, what is confused with what, the recipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from ..evaluation import Confusion
from ..recipes import Recipe, flat, write
from .confused import confusion_picture
from .events import Events

EXAMPLES, ACROSS = 64, 8
"""Augmented pictures that are shown, and how many of them stand in a row."""
ENLARGED, GAP = 3, 2
"""How many pixels wide a pixel of them is drawn, and between two of them."""
CARD = "recipe"
"""The part that holds the recipe as text and the hyper-parameters."""


class Board:
    """Tells ``events`` (a history's) what is no curve. Nothing here decides anything, and no generator is used."""

    def __init__(self, events: Events) -> None:
        self.events = events

    def begin(self, recipe: Recipe) -> None:
        """The recipe, as TOML under Text and as dotted keys under HParams."""
        self.events.text(CARD, "recipe", "\n".join(f"    {line}" for line in write(recipe).splitlines()))
        _begin_session(self.events, recipe)

    def examples(self, pictures: Tensor | NDArray[np.generic], epoch: int) -> None:
        """The first 64 pictures of a batch as the network is given them: (N,H,W), uint8, or float 0..1."""
        self.events.picture("train", "pictures after augmentation", grid(as_grey(pictures)), epoch)

    def confusion(self, found: Confusion, epoch: int) -> None:
        """What the validation pictures of an epoch were taken for."""
        self.events.picture("val", "confusion", confusion_picture(found), epoch)

    def end(self, final: Mapping[str, float]) -> None:
        """The numbers that the run is compared by under HParams, such as ``{"val_accuracy": 0.99}``."""
        from torch.utils.tensorboard.summary import hparams

        self.events.scalars(CARD, final, 0)
        self.events.summaries(CARD, hparams({}, dict(final))[2:])  # type: ignore[no-untyped-call]


def as_grey(pictures: Tensor | NDArray[np.generic]) -> NDArray[np.uint8]:
    """Pictures (N,H,W) or (N,1,H,W), uint8 or float 0..1, as uint8 (N,H,W)."""
    array = pictures.detach().float().cpu().numpy() if isinstance(pictures, Tensor) else np.asarray(pictures)
    whole = not pictures.is_floating_point() if isinstance(pictures, Tensor) else not np.issubdtype(array.dtype, np.floating)
    grey = np.rint(array if whole else 255 * array).clip(0, 255).astype(np.uint8)
    return np.asarray(grey.reshape(len(grey), *grey.shape[-2:]))


def grid(pictures: NDArray[np.uint8], most: int = EXAMPLES, across: int = ACROSS) -> NDArray[np.uint8]:
    """Pictures uint8 (N,H,W), the first ``most`` of them, side by side and enlarged: uint8 (H,W)."""
    shown = pictures[:most].repeat(ENLARGED, axis=1).repeat(ENLARGED, axis=2)
    count, height, width = shown.shape
    rows = -(-count // across)
    page = np.full((rows * (height + GAP) + GAP, across * (width + GAP) + GAP), 96, np.uint8)
    for at, picture in enumerate(shown):
        top, left = GAP + at // across * (height + GAP), GAP + at % across * (width + GAP)
        page[top : top + height, left : left + width] = picture
    return page


def _compared(recipe: Recipe) -> dict[str, object]:
    """What runs are compared by: the whole recipe is under Text, and the table of HParams shows a few columns at a time."""
    parts = {"network": recipe.network.as_dict(), "training": asdict(recipe.training)}
    changed = {"augmentation": asdict(recipe.augmentation)} if recipe.augmentation.changes else {}
    return {"recipe": recipe.name, "seed": recipe.seed, **parts, **changed}


def _begin_session(events: Events, recipe: Recipe) -> None:
    """HParams' start of a session: what stands in the recipe is there from the first epoch on, also of a killed run."""
    from torch.utils.tensorboard.summary import hparams

    told = {key: value for key, value in flat(_compared(recipe)).items() if value is not None}
    events.summaries(CARD, hparams(told, dict.fromkeys(FINAL, 0.0))[:2])  # type: ignore[no-untyped-call]


FINAL = ("val_loss", "val_accuracy")
"""What :meth:`Board.end` is given at least."""
