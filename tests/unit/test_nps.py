"""Net promoter score against its definition, and the interval against its promise."""

from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from odoo.addons.crm_service.tools import nps

answers = st.lists(st.integers(0, 10), min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("given_answers", "counts", "score"),
    [
        ([10], (1, 0, 0), 100),
        ([6], (0, 0, 1), -100),
        ([7, 8], (0, 2, 0), 0),
        ([9, 10, 8, 7, 6, 0, 3, 10], (3, 2, 3), 0),
        ([9, 9, 9, 7, 6], (3, 1, 1), 40),
    ],
)
def test_the_score_is_promoters_less_detractors(given_answers, counts, score):
    """Covers: SRV-14"""
    found = nps.score(given_answers)
    assert (found.promoters, found.passives, found.detractors) == counts
    assert found.score == score
    assert found.number == len(given_answers)


def test_without_answers_there_is_no_score():
    assert nps.score([]) == nps.Nps(0, 0, 0, None, None, None)


@pytest.mark.parametrize("answer", [-1, 11, 7.5, None])
def test_what_is_not_on_the_scale_is_refused(answer):
    with pytest.raises(ValueError, match="whole number"):
        nps.weigh(answer)


@pytest.mark.parametrize(
    ("counts", "level"), [((-1, 0, 0), 0.95), ((1, 1, 1), 1.0), ((1, 1, 1), 0.0)]
)
def test_impossible_counts_and_levels_are_refused(counts, level):
    with pytest.raises(ValueError, match="counts"):
        nps.interval(*counts, level=level)


@given(answers)
def test_the_score_is_the_mean_of_the_weights_and_lies_in_its_interval(given_answers):
    """The report averages weights; it must show the same figure."""
    found = nps.score(given_answers)
    mean = sum(map(nps.weigh, given_answers)) / len(given_answers)
    assert found.score == pytest.approx(mean)
    assert -100 <= found.low <= found.score <= found.high <= 100


@given(answers)
def test_turning_all_answers_round_turns_score_and_interval_round(given_answers):
    found = nps.score(given_answers)
    low, high = nps.interval(found.detractors, found.passives, found.promoters)
    assert low == pytest.approx(-found.high)
    assert high == pytest.approx(-found.low)


@given(answers)
def test_more_of_the_same_answers_narrow_the_interval(given_answers):
    once, often = nps.score(given_answers), nps.score(given_answers * 9)
    assert often.high - often.low < once.high - once.low


@pytest.mark.parametrize("number", [10, 25, 60])
@pytest.mark.parametrize(
    ("promoter", "detractor"), [(0.5, 0.1), (0.3, 0.3), (0.9, 0.05), (0.2, 0.6)]
)
def test_the_interval_holds_the_true_score_about_95_times_in_100(
    number, promoter, detractor
):
    """Exact coverage: every possible outcome with its probability."""
    truth, covered = 100 * (promoter - detractor), 0.0
    for good in range(number + 1):
        for bad in range(number + 1 - good):
            rest = number - good - bad
            low, high = nps.interval(good, rest, bad)
            if low <= truth <= high:
                covered += (
                    comb(number, good)
                    * comb(number - good, bad)
                    * promoter**good
                    * detractor**bad
                    * (1 - promoter - detractor) ** rest
                )
    assert 0.925 <= covered <= 0.999
