"""What TensorBoard reads: one folder a part (train, val, test ...), so that the same tag of two parts shares a chart."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

import numpy as np
from numpy.typing import NDArray

from ..interrupt import held_interrupt

if TYPE_CHECKING:
    from tensorboard.compat.proto.summary_pb2 import Summary
    from torch.utils.tensorboard import FileWriter, SummaryWriter


class Events:
    """The event files under ``folder``; each part has one writer, which everything of that part goes through.

    A step is an epoch. Ctrl-C waits until something is written: TensorBoard's own thread would wait for ever for what was half
    said to it. What a killed run wrote of the first step that a part is told of, and of later ones, is shown no more.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._writers: dict[str, SummaryWriter] = {}
        self._begun: set[str] = set()

    def scalars(self, part: str, values: Mapping[str, float], epoch: int) -> None:
        """One number a tag; what is no number (NaN) is left out."""
        with self._telling(part, epoch) as writer:
            for tag, value in values.items():
                if np.isfinite(value):
                    writer.add_scalar(tag, value, epoch)

    def picture(self, part: str, tag: str, pixels: NDArray[np.uint8], epoch: int) -> None:
        """A picture uint8, grey (H,W) or RGB (H,W,3)."""
        with self._telling(part, epoch) as writer:
            writer.add_image(tag, pixels, epoch, dataformats="HWC" if pixels.ndim == 3 else "HW")

    def text(self, part: str, tag: str, markdown: str, epoch: int = 0) -> None:
        """A text, shown as Markdown."""
        with self._telling(part, epoch) as writer:
            writer.add_text(tag, markdown, epoch)

    def summaries(self, part: str, summaries: Sequence[Summary]) -> None:
        """Whatever else TensorBoard's plugins read, as it is, at step 0."""
        with self._telling(part, 0) as writer:
            for summary in summaries:
                cast("FileWriter", writer.file_writer).add_summary(summary)

    @contextmanager
    def _telling(self, part: str, epoch: int) -> Iterator[SummaryWriter]:
        """The writer of a part, for something that is then on disk, whole."""
        with held_interrupt():
            writer = self.writer(part, epoch)
            yield writer
            writer.flush()

    def writer(self, part: str, epoch: int) -> SummaryWriter:
        """The writer of a part, opened where this is the first that is told of it."""
        from torch.utils.tensorboard import SummaryWriter

        if part not in self._writers:
            # opened again by the same run it goes on: to purge would take this run's own epochs away
            self._writers[part] = SummaryWriter(str(self.folder / part), purge_step=None if part in self._begun else epoch)
            self._begun.add(part)
        return self._writers[part]

    def close(self) -> None:
        """Ends the event files; what is told afterwards goes on in new ones."""
        with held_interrupt():
            for writer in self._writers.values():
                writer.close()
            self._writers = {}
