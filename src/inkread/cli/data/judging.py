"""The embedded reader as the judge of orientation and labels that `datasets` asks for, and the option that asks it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from ...interrupt import ending_at_once

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from ...datasets import Judge, Judgement, Opened
    from ...reading import Facing

orientation_option = click.option(
    "--orientation",
    type=click.Choice(("upright", "transposed", "auto"), case_sensitive=False),
    help="How SOURCE stores its pictures; auto tries the eight ways with the embedded reader.  [default: what its format says]",
)


def faced(parts: Sequence[Opened], orientation: str | None) -> list[tuple[Opened, Judgement | None]]:
    """The parts of a source as ``orientation`` says that they are stored, upright, each with what the judge said where it was asked."""
    if orientation is None:
        return [(each, None) for each in parts]
    from ...datasets import oriented, stored_as

    if orientation != "auto":
        return [(stored_as(each, orientation), None) for each in parts]
    asked = judge()
    return [oriented(each, asked) for each in parts]


def judge(bundle: str | None = None) -> Judge:
    """A judge that reads with this bundle, None for the embedded one."""
    with ending_at_once():
        from ...reading import Reader

    reader = Reader(bundle)

    def judged(pictures: Sequence[NDArray[np.uint8]], labels: Sequence[str] | None) -> Judgement:
        import numpy as np

        from ...datasets import Judgement
        from ...reading import facing

        prepared = [reader.prepare(each) for each in pictures]
        used = tuple(at for at, each in enumerate(prepared) if not each.blank)
        seen = np.stack([prepared[at].picture for at in used]) if used else np.zeros((0, 28, 28), np.uint8)
        found = facing(seen, None if labels is None else [labels[at] for at in used], reader)
        right = None if found.right is None else found.right[found.best]
        return Judgement(found.best, found.says, found.sure, _evidence(found), used, found.answers, right)

    return judged


def _evidence(found: Facing) -> tuple[str, ...]:
    lines = []
    for at, says in enumerate(found.views):
        told = []
        if found.right is not None:
            told.append(f"{found.right[at]:.1%} read as labelled")
        if found.gains is not None:
            told.append(f"familiarity {found.gains[at]:+.2f}")
        lines.append(f"{says}: {', '.join(told)}")
    return tuple(lines)
