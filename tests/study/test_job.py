"""Jobs: what goes over what, what they are called, and when two of them are the same."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from inkread.errors import RunError, UsageError
from inkread.recipes import load, parse, write
from inkread.study import Budget, Factor, Ground, Job, Level, Study, base_recipe, plan
from inkread.study.job import job
from inkread.study.settings import Setting

MLP = load("mlp")  # rate 0.001, batch 128


def study(**changes: object) -> Study:
    factor = Factor("a", "a", levels=(Level("x"),))
    return Study(**{"name": "own", "question": "?", "factors": (factor,), "recipe": "mlp", "data": "letters", **changes})  # type: ignore[arg-type]


def made(*levels: Level, budget: Budget | None = None, seed: int = 1, of: Study | None = None, **ground: object) -> Job:
    setting = Setting("it", {str(at): level for at, level in enumerate(levels)}, levels)
    return job(of or study(), budget or Budget(), setting, seed, Ground(**{"recipe": MLP, **ground}))  # type: ignore[arg-type]


def width(of: Job) -> object:
    return parse(of.recipe).network.settings["width"]


def test_levels_go_over_the_user_and_the_user_over_the_budget() -> None:
    user, budget, level = {"changes": ("network.width=8",)}, Budget(set={"network.width": 16}), Level("x", {"network.width": 32})
    assert width(made()) == 512
    assert width(made(**user)) == 8
    assert width(made(budget=budget)) == 16
    assert width(made(budget=budget, **user)) == 8
    assert width(made(level, budget=budget, **user)) == 32
    assert width(made(level, Level("y", {"network.width": 64}))) == 64


def test_the_user_may_leave_out_the_part_of_a_key() -> None:
    assert width(made(changes=("width=8",))) == 8
    with pytest.raises(UsageError, match="the recipe has no value wdith"):
        made(changes=("wdith=8",))


def test_a_level_brings_its_own_recipe_which_the_user_changes_too() -> None:
    found = parse(made(Level("x", recipe="linear"), changes=("epochs=3",)).recipe)
    assert (found.network.name, found.training.epochs) == ("linear", 3)


@pytest.mark.parametrize(("rule", "rate"), [("", 0.001), ("linear", 0.001 * 512 / 128), ("root", 0.001 * 2)])
def test_the_rate_follows_the_batch_from_that_of_the_base_recipe(rule: str, rate: float) -> None:
    found = parse(made(Level("512", {"training.batch": 512}, rate_rule=rule)).recipe)
    assert found.training.rate == pytest.approx(rate)
    halved = parse(made(Level("512", {"training.batch": 512}, rate_rule="linear"), changes=("batch=256",)).recipe)
    assert halved.training.rate == pytest.approx(0.002)


def test_a_value_that_would_do_nothing_is_refused() -> None:
    with pytest.raises(UsageError, match=r"training.beta2 does nothing with optimizer = sgd"):
        made(Level("x", {"training.optimizer": "sgd", "training.beta2": 0.5}))


def test_pictures_are_the_budgets_unless_a_level_says_so() -> None:
    few = Budget(pictures=100, held=50)
    assert (made(budget=few).pictures, made(budget=few).held) == (100, 50)
    assert made(Level("x", pictures=10), Level("y"), budget=few).pictures == 10


def test_the_alphabet_is_the_studys_then_the_users_then_the_levels() -> None:
    letters = study(alphabet="letters")
    assert parse(made().recipe).alphabet == ""
    assert parse(made(of=letters).recipe).alphabet == "letters"
    assert parse(made(of=letters, changes=("alphabet=ABC",)).recipe).alphabet == "ABC"
    assert parse(made(Level("x", alphabet="AB"), of=letters, changes=("alphabet=ABC",)).recipe).alphabet == "AB"


def test_data_are_the_levels_then_the_users_then_the_studys_by_the_names_given() -> None:
    assert made().data == "letters"
    assert made(data="mine").data == "mine"
    assert made(Level("x", data="photos"), data="mine").data == "photos"
    assert made(Level("x", data="photos"), named={"photos": "there"}).data == "there"
    assert made(named={"letters": "here"}).data == "here"
    with pytest.raises(UsageError, match="the study own has no data of its own"):
        made(of=study(data=""))
    with pytest.raises(UsageError, match="the study own calls no data by this name: leters"):
        plan(study(), Budget(), Ground(MLP, named={"leters": "here"}))


def test_jobs_have_a_digest_in_common_exactly_where_the_result_is_the_same() -> None:
    same = [made(), made(changes=("width=512",)), made(Level("x", {"network.width": 512})), made(recipe=load("mlp"))]
    assert len({each.digest for each in same}) == 1
    assert made(recipe=parse(write(MLP).replace("family", "FAMILY"))).digest == same[0].digest, "a claim decides nothing"
    other = [
        made(seed=2),
        made(data="mine"),
        made(changes=("width=8",)),
        made(budget=Budget(held=10)),
        made(budget=Budget(pictures=10)),
        made(budget=Budget(epochs=3)),
        made(Level("x", weights="resnet.safetensors")),
    ]
    assert len({each.digest for each in [*same, *other]}) == 1 + len(other)


@settings(max_examples=50)
@given(st.text(min_size=1, max_size=200))
def test_a_folders_name_is_safe_and_bounded_whatever_the_setting_is_called(label: str) -> None:
    name = Job(label.encode("utf-8", "ignore").decode(), {}, "", "letters", 1).name
    assert len(name.encode()) <= 200
    assert name[0] not in "-. "
    assert not set(name) & set('/\\:*?"<>|\0\n ')


def test_names_that_are_cut_or_lost_do_not_collide() -> None:
    long = "字" * 200
    labels = [long + "a", long + "b", "→", "∅", "a/b", "a b", "a-b", "A-b", "../a", ""]
    assert len({Job(each, {}, "", "letters", 1).name for each in labels}) == len(labels)
    assert Job("width = 8", {}, "", "letters", 2).name.startswith("width-8-seed2-")


def test_the_same_recipe_under_two_names_has_two_rows() -> None:
    one, other = Job("adam", {}, "", "letters", 1), Job("base", {}, "", "letters", 1)
    assert (one.digest == other.digest, one.name == other.name) == (True, False)


def test_another_seed_is_another_job_that_reports_to_nobody() -> None:
    found = Job(**{**vars(made()), "reports_to": ("book", "study", 3)}).with_seed(7)
    assert (found.seed, parse(found.recipe).seed, found.reports_to) == (7, 7, None)
    assert found.recipe == made(seed=7).recipe


def test_the_best_of_a_study_that_has_not_ended_is_one_sentence(tmp_path) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(RunError) as caught:
        base_recipe("best:cnn-depth", tmp_path, "small")
    assert str(caught.value) == "the best of a study is wanted that has not ended: cnn-depth"
    assert caught.value.hint.startswith("`inkread study run cnn-depth --budget small` first")
    (tmp_path / "cnn-depth-small").mkdir()
    (tmp_path / "cnn-depth-small" / "best.toml").write_text(write(MLP))
    assert base_recipe("best:cnn-depth", tmp_path, "small") == MLP
    (tmp_path / "cnn-depth").mkdir()
    (tmp_path / "cnn-depth" / "best.toml").write_text(write(load("linear")))
    assert base_recipe("best:cnn-depth", tmp_path, "small").name == "linear"
