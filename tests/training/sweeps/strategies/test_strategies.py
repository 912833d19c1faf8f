"""Strategies are functions of the past: what they propose, when they wait, and that the same past gives the same."""

import math
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.sweeps.space.space import Space, SpaceError, Values, key_of
from training.sweeps.strategies import STRATEGIES, SearchState, TrialRecord
from training.sweeps.strategies.one_at_a_time import describe, replay

MIXED = {
    "learning_rate": {"low": 1e-4, "high": 1, "log": True},
    "batch_size": {"low": 8, "high": 64},
    "hidden_layers": [[8], [16, 8]],
    "batch_normalization": [True, False],
}
START: Values = {"learning_rate": 0.004, "batch_size": 16, "hidden_layers": [8], "batch_normalization": False}
DRAWING = ("random", "quasi-random", "tpe", "genetic")


def search(
    space: object = MIXED, *, start: Values = START, seed: int = 0, maximise: tuple[bool, ...] = (True,)
) -> SearchState:
    """A search without trials."""
    return SearchState(Space.from_mapping(space), start, seed, maximise, ())


def hill(values: Values) -> float:
    """An accuracy that is best at a learning rate of 0.01 and a mini-batch of 32."""
    rate, batch = float(values["learning_rate"]), int(values.get("batch_size", 32))
    return 1 / (1 + abs(math.log10(rate) + 2) + abs(batch - 32) / 32)


def follow(
    name: str, begun: SearchState, trials: int, score: Callable[[Values], tuple[float, ...]] = lambda v: (hill(v),)
) -> SearchState:
    """Propose and try one after the other."""
    for _trial in range(trials):
        proposals = STRATEGIES[name].propose(begun, 1)
        for proposal in proposals:
            tried = TrialRecord(proposal.values, figures=score(proposal.values), attributes=proposal.attributes)
            begun = begun.with_trial(tried)
    return begun


@given(
    st.dictionaries(
        st.sampled_from(["l2", "momentum", "dropout"]),
        st.lists(st.sampled_from([0.0, 0.1, 0.2, 0.3]), min_size=1, unique=True),
        min_size=1,
    )
)
def test_a_grid_has_every_combination_once(mapping: dict[str, list[float]]) -> None:
    begun = search(mapping, start={})
    trials = [proposal.values for proposal in STRATEGIES["grid"].propose(begun, 64)]
    assert len({key_of(trial) for trial in trials}) == len(trials) == begun.space.size
    assert all(list(trial) == list(mapping) for trial in trials)
    assert all(trial[name] in mapping[name] for trial in trials for name in mapping)


def test_a_grid_is_whole_or_refused() -> None:
    space = Space.from_mapping({"l2": list(range(10)), "seed": list(range(10))})
    STRATEGIES["grid"].check(space, 100)
    with pytest.raises(SpaceError, match="100 trials, and at most 99"):
        STRATEGIES["grid"].check(space, 99)


def test_an_endless_grid_is_refused() -> None:
    with pytest.raises(SpaceError, match="no end over a range: give l2 a list"):
        STRATEGIES["grid"].check(Space.from_mapping({"l2": {"low": 0, "high": 1}}), 100)


def test_a_grid_goes_on_where_it_was() -> None:
    begun = (
        search({"l2": [1, 2, 3, 4]}, start={})
        .with_trial(TrialRecord({"l2": 2}))
        .with_trial(TrialRecord({"l2": 1}, is_open=True))
    )
    assert [each.values for each in STRATEGIES["grid"].propose(begun, 9)] == [{"l2": 3.0}, {"l2": 4.0}]


@pytest.mark.parametrize("name", DRAWING)
def test_the_same_past_gives_the_same_proposals(name: str) -> None:
    one, other = (follow(name, search(seed=3), 14) for _time in range(2))
    assert one.trials == other.trials
    assert follow(name, search(seed=4), 14).trials != one.trials


@pytest.mark.parametrize("name", DRAWING)
def test_a_batch_gives_what_one_question_after_the_other_gives(name: str) -> None:
    """Points that are turned down among them: a small space soon has no others."""
    few = {"l2": [0.0, 0.1, 0.2, 0.3], "batch_size": [8, 16, 32]}
    for space, past in ((MIXED, 14), (few, 6)):
        begun = follow(name, search(space, start={}, seed=5), past, lambda values: (float(values["batch_size"]),))
        one = begun
        for _question in range(8):
            for each in STRATEGIES[name].propose(one, 1):
                one = one.with_trial(TrialRecord(each.values, is_open=True, attributes=each.attributes))
        batch = STRATEGIES[name].propose(begun, 8)
        assert [(each.values, each.attributes) for each in batch] == [
            (trial.values, trial.attributes) for trial in one.trials[past:]
        ]


@pytest.mark.parametrize("name", DRAWING)
def test_points_lie_in_the_space_and_are_new(name: str) -> None:
    begun = follow(name, search(), 30)
    assert len(begun.seen()) == 30
    for trial in begun.trials:
        assert 1e-4 <= trial.values["learning_rate"] <= 1
        assert trial.values["batch_size"] in range(8, 65)
        assert trial.values["hidden_layers"] in ([8], [16, 8])


@pytest.mark.parametrize("name", DRAWING)
def test_a_finite_space_is_tried_out_and_no_more(name: str) -> None:
    begun = follow(name, search({"l2": [0, 1, 2], "dropout": [0, 0.1]}, start={}), 9, lambda values: (values["l2"],))
    assert len(begun.trials) == len(begun.seen()) == 6


@pytest.mark.parametrize("name", DRAWING)
def test_only_what_can_be_trained_is_proposed(name: str) -> None:
    begun = search()
    begun = SearchState(begun.space, START, 0, (True,), (), is_valid=lambda values: values["batch_size"] > 40)
    assert all(trial.values["batch_size"] > 40 for trial in follow(name, begun, 12).trials)
    hopeless = SearchState(begun.space, START, 0, (True,), (), is_valid=lambda _values: False)
    assert STRATEGIES[name].propose(hopeless, 2) == []


@pytest.mark.parametrize("name", DRAWING)
def test_several_at_once_differ(name: str) -> None:
    proposals = STRATEGIES[name].propose(follow(name, search(), 12), 4)
    assert len({key_of(proposal.values) for proposal in proposals}) == 4


def test_tpe_finds_the_hill_sooner_than_chance() -> None:
    def best_of(name: str, seed: int) -> float:
        begun = follow(name, search(seed=seed), 40)
        return max(trial.figures[0] for trial in begun.trials[20:] if trial.figures)

    means = {name: sum(best_of(name, seed) for seed in range(2)) / 2 for name in ("tpe", "random")}
    assert means["tpe"] > means["random"]
    assert means["tpe"] > 0.85


def test_tpe_takes_in_what_was_pruned_failed_or_added_by_hand() -> None:
    begun = follow("tpe", search(), 11)
    outside = {**START, "learning_rate": 5.0, "hidden_layers": [3]}
    for trial in (
        TrialRecord(START, pruned_at=(3, 0.2)),
        TrialRecord({**START, "batch_size": 9}),
        TrialRecord(outside, figures=(0.9,)),
    ):
        begun = begun.with_trial(trial)
    assert len(STRATEGIES["tpe"].propose(begun, 3)) == 3


@pytest.mark.parametrize("name", ["tpe", "genetic"])
def test_two_objectives(name: str) -> None:
    def score(values: Values) -> tuple[float, ...]:
        return hill(values), float(values["batch_size"])

    begun = follow(name, search(maximise=(True, False)), 30, score)
    assert len(begun.seen()) == 30


def test_one_at_a_time_begins_with_the_recipe_and_then_waits() -> None:
    strategy = STRATEGIES["one-at-a-time"]
    begun = search()
    assert [each.values for each in strategy.propose(begun, 9)] == [START]
    assert strategy.propose(begun.with_trial(TrialRecord(START, is_open=True)), 9) == []
    begun = begun.with_trial(TrialRecord(START, figures=(hill(START),)))
    first = [each.values for each in strategy.propose(begun, 9)]
    assert [values["learning_rate"] for values in first] == [1e-4, 0.001, 0.01, 0.1, 1.0]
    assert all({**values, "learning_rate": 0.004} == START for values in first), "the others are held"


@settings(max_examples=6, deadline=None)
@given(best=st.integers(8, 64), rate=st.floats(-4, 0))
def test_one_at_a_time_climbs_and_ends(best: int, rate: float) -> None:
    def score(values: Values) -> tuple[float, ...]:
        return (1 / (1 + abs(math.log10(values["learning_rate"]) - rate) + abs(values["batch_size"] - best) / 8),)

    space = {name: MIXED[name] for name in ("learning_rate", "batch_size")}
    start = {name: START[name] for name in space}
    begun = follow("one-at-a-time", search(space, start=start), 300, score)
    assert len(begun.trials) == len(begun.seen()) < 300, "it ends by itself"
    told = replay(begun)
    assert told.wanted == ()
    top = max(trial.figures[0] for trial in begun.trials if trial.figures)
    assert score(told.held) == (top,), "what is held is the best that was tried"
    assert abs(told.held["batch_size"] - best) <= 4


def test_the_story_is_the_same_however_many_trials_have_come_since() -> None:
    begun = follow("one-at-a-time", search(), 60)
    whole = replay(begun).steps
    assert [decision.name for decision in whole[:3]] == ["learning_rate", "hidden_layers", "batch_size"]
    assert whole[0].after == 0.01
    for length in range(len(begun.trials)):
        part = replay(SearchState(begun.space, START, 0, (True,), begun.trials[:length])).steps
        assert part == whole[: len(part)]


def test_a_decision_can_be_read() -> None:
    begun = follow("one-at-a-time", search({"l2": [0, 1]}, start={"l2": 0.0}), 9, lambda v: (0.5 + v["l2"] / 4,))
    steps = replay(begun).steps
    assert [describe(each, "L2 λ", str) for each in steps] == [
        "L2 λ (0.0: 50.00%, 1.0: 75.00%): 1.0 is kept instead of 0.0, 25.00 points better."
    ]
    begun = follow("one-at-a-time", search({"l2": [0, 1]}, start={"l2": 1.0}), 9, lambda v: (0.5 + v["l2"] / 4,))
    assert describe(replay(begun).steps[0], "L2 λ", str).endswith("1.0 stays, nothing was better.")


def test_a_failed_start_is_left_for_what_works() -> None:
    begun = search({"l2": [0, 1]}, start={"l2": 0.0}).with_trial(TrialRecord({"l2": 0.0}))
    begun = begun.with_trial(TrialRecord({"l2": 1.0}, figures=(0.4,)))
    assert replay(begun).held == {"l2": 1.0}
