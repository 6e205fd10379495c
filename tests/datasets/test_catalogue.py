from __future__ import annotations

import re

import pytest

from inkread.alphabet import BYCLASS
from inkread.datasets import CARDS, UNVERIFIED, card
from inkread.errors import SourceNotFound


@pytest.mark.parametrize("name", CARDS)
def test_a_card_holds_together(name: str) -> None:
    known = CARDS[name]
    assert set(known.counts) == set(known.pictures) == set(known.opens)
    assert known.drawn or set(known.opens.values()) <= {each.name for each in known.files}
    assert all(set(each) <= set(BYCLASS.characters) for each in known.classes)
    assert known.orientation in ("upright", "transposed")
    assert known.why
    assert known.licence
    assert known.facts


@pytest.mark.parametrize("name", CARDS)
def test_counts_add_up_to_the_pictures(name: str) -> None:
    for part, counts in CARDS[name].counts.items():
        if not isinstance(counts, str):
            assert len(counts) == len(CARDS[name].classes)
            assert sum(counts) == CARDS[name].pictures[part]


@pytest.mark.parametrize("name", CARDS)
def test_a_file_can_be_fetched_and_checked(name: str) -> None:
    for each in CARDS[name].files:
        assert each.sha256 == UNVERIFIED or re.fullmatch("[0-9a-f]{64}", each.sha256)
        assert each.addresses
        assert all(re.match("https?://", address) for address in each.addresses)
        assert each.member.endswith(each.name) or (not each.member and each.addresses[0].endswith(each.name))


def test_no_two_files_have_one_checksum() -> None:
    every = [each.sha256 for known in CARDS.values() for each in known.files if each.sha256 != UNVERIFIED]
    assert len(set(every)) == len(every)


def test_emnist_s_sets_have_the_published_sizes() -> None:
    """Cohen et al. 2017 and NIST's page: characters in all of each set."""
    totals = {name.partition("/")[2]: sum(each.pictures.values()) for name, each in CARDS.items() if name.startswith("emnist/")}
    assert totals == {"byclass": 814_255, "bymerge": 814_255, "balanced": 131_600, "letters": 145_600, "digits": 280_000, "mnist": 70_000}


def test_an_unknown_name_is_met_with_its_neighbours() -> None:
    with pytest.raises(SourceNotFound) as refused:
        card("emnist/letter")
    assert str(refused.value) == "no such data set in the catalogue: emnist/letter"
    assert refused.value.hint.startswith("did you mean `emnist/letters`")
