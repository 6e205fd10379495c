"""Test parts for scoring runs: which one is meant, and its labels through the one door that writes it down."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import UsageError

if TYPE_CHECKING:
    from ..datasets import GlyphSet, Place
    from ..training import Run

OWN = "test"
"""What `--on` means by the test part of the run's own data."""


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


def handed_out(run: Run, of: list[Place], reason: str) -> GlyphSet:
    """Their labelled pictures, prepared as the run's were; a row of test-reads.csv beside the run tells the ``reason``."""
    from ..alphabet import alphabet
    from ..datasets import Handout, joined, load_test

    handout = Handout(run.folder.parent, reason)
    told, preparation = alphabet(run.recipe.alphabet), run.recipe.preparation
    glyphs = joined([load_test(str(place), handout, told, preparation, unknown="leave out") for place in of])
    labelled = glyphs.targets.any(axis=1)
    return glyphs if labelled.all() else glyphs.take(labelled)
