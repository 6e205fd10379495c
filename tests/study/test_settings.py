"""Designs: exactly the settings that their names promise."""

from __future__ import annotations

import pytest

from inkread.errors import UsageError
from inkread.recipes import load
from inkread.study import Budget, Factor, Ground, Plan, Study, plan
from inkread.study.factors import Level
from inkread.study.settings import based, value_of

MLP = load("mlp")  # layers 2, width 512, dropout 0.2, batch 128


def varied(key: str, *values: object, base: str = "") -> Factor:
    name = key.rpartition(".")[2]
    return Factor(name, name, key, tuple(Level(str(each), {key: each}) for each in values), base)


def planned(design: str, *factors: Factor, budget: Budget | None = None, changes: tuple[str, ...] = ()) -> Plan:
    study = Study("own", "?", factors, recipe="mlp", data="letters", design=design)
    return plan(study, budget or Budget(), Ground(MLP, changes=changes))


def names(made: Plan) -> list[str]:
    return [each.name for each in made.settings]


def changes(made: Plan, *keys: str) -> list[tuple[object, ...]]:
    from inkread.recipes import parse

    return [tuple(value_of(parse(made.job(each, 1).recipe), key) for key in keys) for each in made.settings]


def test_one_at_a_time_varies_each_factor_alone_against_the_base() -> None:
    made = planned("one-at-a-time", varied("network.width", 8, 16, base="8"), varied("network.layers", 1, 2, 3, base="2"))
    assert names(made) == ["base", "width = 16", "layers = 1", "layers = 3"]
    assert changes(made, "network.width", "network.layers") == [(8, 2), (16, 2), (8, 1), (8, 3)]


def test_a_grid_is_every_combination_the_base_first() -> None:
    made = planned("grid", varied("network.width", 8, 16, base="16"), varied("network.layers", 1, 2, base="2"))
    assert names(made)[0] == "width = 16, layers = 2"
    assert sorted(changes(made, "network.width", "network.layers")) == [(8, 1), (8, 2), (16, 1), (16, 2)]
    assert made.base == {"width": "16", "layers": "2"}


def test_add_and_leave_out_adds_each_to_nothing_and_leaves_each_out_of_all() -> None:
    off_on = [varied("network.dropout", 0.0, 0.5), varied("training.decay", 0.0, 0.1), varied("training.smoothing", 0.0, 0.2)]
    made = planned("add-and-leave-out", *off_on)
    assert names(made) == [
        "nothing",
        *(f"nothing + {each}" for each in ("dropout", "decay", "smoothing")),
        "all",
        *(f"all - {each}" for each in ("dropout", "decay", "smoothing")),
    ]
    assert changes(made, "network.dropout", "training.decay", "training.smoothing") == [
        (0.0, 0.0, 0.0), (0.5, 0.0, 0.0), (0.0, 0.1, 0.0), (0.0, 0.0, 0.2),
        (0.5, 0.1, 0.2), (0.0, 0.1, 0.2), (0.5, 0.0, 0.2), (0.5, 0.1, 0.0),
    ]  # fmt: skip
    assert made.base == {"dropout": "0.0", "decay": "0.0", "smoothing": "0.0"}
    assert len(planned("add-and-leave-out", *off_on[:2]).settings) == 4
    assert names(planned("add-and-leave-out", off_on[0])) == ["nothing", "nothing + dropout"]


def test_steps_put_each_level_on_top_of_those_before() -> None:
    levels = (Level("plain"), Level("wide", {"network.width": 64}), Level("deep", {"network.layers": 4}))
    made = planned("steps", Factor("step", "step", levels=levels))
    assert names(made) == ["plain", "wide", "deep"]
    assert changes(made, "network.width", "network.layers") == [(512, 2), (64, 2), (64, 4)]
    assert made.base == {"step": "plain"}


def test_the_recipes_own_value_becomes_a_level_and_the_base() -> None:
    found = based(varied("network.width", 64, 1024), MLP)
    assert ([each.name for each in found.levels], found.base) == (["64", "512", "1024"], "512")
    assert based(varied("network.width", 64, 512), MLP).base == "512"
    assert [each.name for each in based(varied("network.activation", "tanh"), MLP).levels] == ["tanh", "relu"]
    assert based(varied("network.width", 64, base="64"), MLP).levels == varied("network.width", 64).levels


def test_a_networks_default_is_the_recipes_own_value_too() -> None:
    assert value_of(load("cnn"), "network.groups") == 8
    with pytest.raises(UsageError, match=r"the recipe mlp has no value network.wdith"):
        value_of(MLP, "network.wdith")
    with pytest.raises(UsageError, match=r"the recipe mlp has no value rate.training"):
        value_of(MLP, "rate.training")


def test_the_base_is_what_the_user_and_the_budget_make_of_the_recipe() -> None:
    made = planned("one-at-a-time", varied("training.batch", 16, 32), varied("network.width", 64), changes=("width=32",),
                   budget=Budget(set={"training.batch": 32}))  # fmt: skip
    assert made.base == {"batch": "32", "width": "32"}
    assert names(made) == ["base", "batch = 16", "width = 64"]


def test_a_setting_that_its_network_cannot_have_is_told_before_anything_is_trained() -> None:
    with pytest.raises(UsageError, match="width"):
        planned("one-at-a-time", varied("network.width", 8, -3, base="8"))
    with pytest.raises(UsageError, match=r"no value network.wdith|wdith"):
        planned("one-at-a-time", varied("network.wdith", 8, 3, base="8"))
