"""The training step, the moving average and the validation, as a LightningModule."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import lightning
import numpy as np
import torch
from torch import Generator, Tensor, nn

from ..alphabet import alphabet
from ..errors import InkreadError
from ..evaluation import confusion
from ..recipes import Recipe
from .augment import augment
from .board import Board
from .feed import Batch, Epoch, Feed, Held
from .history import History, Pace, Row
from .objective import Objective
from .optimisers import WATCHED, optimiser, schedule
from .scores import Scores, chosen, scores, totals

LOOK_EVERY = 100
"""Steps between two looks at whether the loss is still a number: each look waits for a GPU."""


class Diverged(InkreadError):
    """The loss is no number any more; caught by ``fit``, which keeps what was good before."""


def seed_of(*numbers: int) -> int:
    """One seed out of several numbers, such as seed, epoch and step; how many they are counts too."""
    return int(np.random.SeedSequence((len(numbers), *numbers)).generate_state(1, np.uint64)[0] >> np.uint64(1))


class Learner(lightning.LightningModule):
    """Trains ``network`` as ``recipe`` says; ``averaged`` is the moving average of its weights, which is validated and kept.

    Everything random in an epoch comes from the recipe's seed and the epoch's number, so that a run resumed goes on as
    the unbroken one. Several processes that train together see each its share of the same batches.
    """

    def __init__(
        self, network: nn.Module, recipe: Recipe, feed: Feed, held: Sequence[Held], objective: Objective, history: History
    ) -> None:
        super().__init__()
        # the layout in which convolutions on a processor are quickest
        self.network = network.to(memory_format=torch.channels_last)
        self.averaged = copy.deepcopy(network).requires_grad_(False).eval()
        self.recipe = recipe
        self.feed = feed
        self.held = held
        self.objective = objective
        self.history = history
        self.board = Board(history.events)
        self.broken_off = False
        self._pace = Pace()
        self._sums = torch.zeros(3)
        self._answers: dict[int, list[tuple[Tensor, Tensor]]] = {}
        self._scores: dict[str, Scores] = {}

    @property
    def number(self) -> int:
        """Of the epoch that goes on, as people count: the first is 1."""
        return self.current_epoch + 1

    def on_train_start(self) -> None:
        self.history.tells = self.trainer.is_global_zero

    def train_dataloader(self) -> Epoch:
        return self.feed.epoch(self.current_epoch, self.global_rank, self.trainer.world_size)

    def val_dataloader(self) -> list[Held]:
        return list(self.held)

    def transfer_batch_to_device(self, batch: Batch, device: torch.device, dataloader_idx: int) -> Batch:
        """Batches are made where the pictures are kept: on the device."""
        return batch

    def on_train_epoch_start(self) -> None:
        torch.manual_seed(seed_of(self.recipe.seed, self.current_epoch, *([self.global_rank] if self.global_rank else [])))
        self._sums = torch.zeros(3, device=self.device)
        self._pace.begin()

    def training_step(self, batch: Batch, number: int) -> Tensor:
        generator = Generator(self.device).manual_seed(seed_of(self.recipe.seed, self.current_epoch, number, self.global_rank))
        with torch.autocast(self.device.type, enabled=False):
            pictures = augment(batch.pictures, self.recipe.augmentation, generator)
        if number == 0 and self.history.tells:
            self.board.examples(pictures, self.number)
        loss, right = self.objective(self.network, batch, pictures, generator)
        if number % LOOK_EVERY == 0 and not torch.isfinite(self.trainer.strategy.reduce(loss.detach(), reduce_op="mean")):
            raise self._diverged()
        count = len(right)
        self._sums += torch.stack([loss.detach() * count, right.sum(), torch.full_like(loss, count)])
        return loss  # type: ignore[no-any-return]

    def on_train_batch_end(self, outputs: Any, batch: Batch, batch_idx: int) -> None:
        self._pace.add(len(batch.source) * self.trainer.world_size)
        if not self.recipe.training.average:
            return
        decay = min(self.recipe.training.average, (1 + self.global_step) / (10 + self.global_step))
        ours, theirs = self.averaged.state_dict(), self.network.state_dict()
        floats = [name for name, value in ours.items() if value.dtype.is_floating_point]
        torch._foreach_lerp_([ours[name] for name in floats], [theirs[name] for name in floats], 1.0 - decay)

    def on_validation_epoch_start(self) -> None:
        if not self.recipe.training.average:
            self.averaged.load_state_dict(self.network.state_dict())
        self._answers = {number: [] for number in range(len(self.held))}

    def validation_step(self, batch: Batch, number: int, dataloader_idx: int = 0) -> None:
        with torch.autocast(self.device.type, enabled=False):
            logits = self.averaged(batch.pictures)[0]
        self._answers[dataloader_idx].append((logits.cpu(), batch.targets.cpu()))

    def on_validation_epoch_end(self) -> None:
        self._scores, answers, truth = {}, [], []
        for number, held in enumerate(self.held):
            logits, targets = (torch.cat(each).numpy() for each in zip(*self._answers[number], strict=True))
            free = logits - self.objective.learnt.astype(np.float32)
            prior = self.objective.source_priors[held.number]
            self._scores[held.pool.name] = scores(free, targets, prior)
            answers.append((free + prior).argmax(axis=1))
            truth.append(targets)
        self.log(WATCHED, chosen(self._scores, self.recipe.training.choose_by))
        if self.history.tells:
            of = confusion(np.concatenate(answers), np.concatenate(truth), alphabet(self.recipe.alphabet))
            self.board.confusion(of, self.number)

    def on_train_epoch_end(self) -> None:
        sums = self._sums if self.trainer.world_size == 1 else self.all_gather(self._sums).sum(dim=0)  # type: ignore[union-attr]
        loss, right, count = sums.tolist()
        validated = totals(self._scores)
        if not np.isfinite([loss, *validated.values()]).all():
            raise self._diverged()
        train = {"loss": loss / max(count, 1), "accuracy": right / max(count, 1)}
        rate = float(self.optimizers().param_groups[0]["lr"])  # type: ignore[union-attr]
        self.history.add(Row(self.number, train, validated, self._scores, rate, **self._pace.told()))

    def configure_optimizers(self) -> Any:
        found = optimiser(self.network, self.recipe.training)
        return [found], schedule(found, self.recipe.training, self.recipe.training.epochs * len(self.feed))

    def on_save_checkpoint(self, checkpoint: dict[str, Any]) -> None:
        checkpoint["history"] = self.history.as_list()

    def on_load_checkpoint(self, checkpoint: Mapping[str, Any]) -> None:
        self.history.restore(checkpoint["history"])

    def _diverged(self) -> Diverged:
        return Diverged(
            f"the loss is no number any more in epoch {self.number}", "lower the rate: --set training.rate=..., or clip gradients"
        )
