"""Kaplan-Meier against literal figures and `lifelines`."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.addons.crm_analytics.tools import survival

observations = st.lists(
    st.tuples(st.integers(0, 12), st.booleans()), min_size=1, max_size=40
)


def test_the_leukemia_trial_of_freireich():
    """6-MP group, as tabulated in every textbook since 1963.

    Covers: ANA-07
    """
    ended = [6, 6, 6, 7, 10, 13, 16, 22, 23]
    running = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35]
    curve = survival.kaplan_meier(
        ended + running, [True] * len(ended) + [False] * len(running)
    )
    expected = {
        6: 0.857,
        7: 0.807,
        10: 0.753,
        13: 0.690,
        16: 0.627,
        22: 0.538,
        23: 0.448,
    }
    assert curve.at(list(expected)) == pytest.approx(list(expected.values()), abs=6e-4)
    assert curve.median == 23
    assert curve.at([0, 5.9]).tolist() == [1, 1]
    assert curve.beyond(10, 22) == pytest.approx(0.538 / 0.753, abs=1e-3)


@settings(deadline=None, max_examples=40)
@given(observations)
def test_curve_and_limits_equal_those_of_lifelines(rows):
    """Covers: ANA-07"""
    lifelines = pytest.importorskip("lifelines")
    durations, ended = zip(*rows, strict=True)
    curve = survival.kaplan_meier(durations, ended)
    other = lifelines.KaplanMeierFitter().fit(durations, ended)
    steps = other.survival_function_["KM_estimate"]
    assert curve.survival == pytest.approx(steps.loc[curve.time].to_numpy())
    limits = other.confidence_interval_.loc[curve.time].to_numpy()
    inside = (curve.survival > 0) & (curve.survival < 1)
    assert curve.low[inside] == pytest.approx(limits[inside, 0])
    assert curve.high[inside] == pytest.approx(limits[inside, 1])
    if not np.isclose(curve.survival, 0.5).any():  # rounds differently there
        expected = other.median_survival_time_
        assert curve.median == (None if np.isinf(expected) else expected)


@given(observations)
def test_the_curve_falls_within_its_limits(rows):
    curve = survival.kaplan_meier(*zip(*rows, strict=True))
    assert (np.diff(curve.survival) <= 0).all()
    assert ((curve.low <= curve.survival) & (curve.survival <= curve.high)).all()
    assert curve.events.sum() + curve.censored.sum() == len(rows)


@pytest.mark.parametrize(
    ("durations", "ended", "message"),
    [([], [], "no observation"), ([-1], [1], "from 0 on"), ([1], [1, 0], "differ")],
)
def test_degenerate_observations_are_refused(durations, ended, message):
    with pytest.raises(ValueError, match=message):
        survival.kaplan_meier(durations, ended)


def test_nobody_beyond_the_end_is_not_known():
    curve = survival.kaplan_meier([1, 2], [True, True])
    assert np.isnan(curve.beyond(2, 3)) and curve.beyond(1, 2) == 0
