"""Test parts for scoring runs: which one is meant, its labels through the one door that writes it down, and the scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING

from ..errors import InkreadError, UsageError

if TYPE_CHECKING:
    from ..datasets import GlyphSet, Place
    from ..training import Run, Scored

OWN = "test"
"""What `--on` means by the test part of the run's own data."""


def scored(
    run: Run, on: str, reason: str, epochs: Sequence[int] | None = None, told: Callable[[int, int], object] | None = None
) -> tuple[list[Scored], bool]:
    """The scores of all epochs, or of these, on the test part that ``on`` means, and whether its labels were read for them.

    They are, with the ``reason`` on record, unless the run holds all these scores from before. The rows are put beside the run, where they
    are the curve of its test. ``told``: called with epochs done and in all.
    """
    import numpy as np

    from ..training import by_epoch, read_test, write_test

    places = meant(run, on)
    source = "+".join(map(str, places))
    rows = [row for row in read_test(run.folder) if row.source == source and (epochs is None or row.epoch in epochs)]
    new = len(rows) < (run.metrics["epochs"] if epochs is None else len(epochs))
    if new:
        glyphs, origins = handed_out(run, places, reason)
        rows = by_epoch(run, np.asarray(glyphs.pictures), glyphs.targets, source, origins, epochs, told)
    write_test(run.folder, rows)
    return rows, new


def meant(run: Run, on: str) -> list[Place]:
    """The test parts that ``on`` means: a source's, or for ``test`` those of what the run was trained on.

    :class:`UsageError` where the run's data bring none: its training pictures are never taken for a test.
    """
    from ..datasets import places, to_test_on

    if on != OWN:
        return to_test_on(on)
    sources = [each.data.removesuffix(":train") for each in run.recipe.sources]
    for source in sources:
        if not all(each.part is None and OWN in each.parts() for each in places(source)):
            raise UsageError(f"the data of the run bring no part `test`: {source}", "name the test data: --on SOURCE")
    return [place for source in sources for place in to_test_on(source)]


def handed_out(run: Run, of: list[Place], reason: str) -> tuple[GlyphSet, list[str]]:
    """Their labelled pictures, prepared as the run's were, and of each the training source it belongs to ("" for none).

    A row of test-reads.csv beside the run tells the ``reason``.
    """
    from ..alphabet import alphabet
    from ..datasets import Handout, joined, load_test

    handout = Handout(run.folder.parent, reason)
    told, preparation = alphabet(run.recipe.alphabet), run.recipe.preparation
    of_source = owners(run)
    loaded = [load_test(str(place), handout, told, preparation, unknown="leave out") for place in of]
    labelled = [each if (known := each.targets.any(axis=1)).all() else each.take(known) for each in loaded]
    return joined(labelled), [of_source.get(place, "") for place, each in zip(of, labelled, strict=True) for _ in range(len(each))]


def owners(run: Run) -> dict[Place, str]:
    """Test part -> the source of the run whose data bring it; nothing of data that are not there any more."""
    from ..datasets import to_test_on

    found: dict[Place, str] = {}
    for source in run.recipe.sources:
        with suppress(InkreadError):
            found |= dict.fromkeys(to_test_on(source.data.removesuffix(":train")), source.name)
    return found
