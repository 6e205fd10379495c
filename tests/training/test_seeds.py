"""Seeds out of several numbers: no two rows of numbers share one by how they are written."""

from __future__ import annotations

from itertools import product

from inkread.training.module import seed_of


def test_rows_that_differ_in_zeros_at_their_end_have_seeds_of_their_own() -> None:
    rows = [row for length in range(1, 5) for row in product((0, 1), repeat=length)]
    assert len({seed_of(*row) for row in rows}) == len(rows)


def test_the_same_numbers_give_the_same_seed() -> None:
    assert seed_of(1, 2, 3) == seed_of(1, 2, 3) != seed_of(3, 2, 1)
