"""Loyalty and service tiers."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from odoo.addons.crm_analytics.tools import loyalty, tier

NAN = float("nan")
DATA = Path(tier.__file__).parents[1] / "data" / "crm_tier_cell_data.xml"
share = st.one_of(st.just(NAN), st.floats(0, 1))


@st.composite
def grids(draw):
    """Grids that serve nobody less for being better: sums of falling steps."""
    rows, columns = (
        draw(st.lists(st.integers(0, 2), min_size=5, max_size=5)) for _side in "rc"
    )
    points = np.add.outer(np.cumsum(rows), np.cumsum(columns))
    return (5 - np.minimum(points, 4)).tolist()


def test_all_components_known_is_the_weighted_mean():
    """Covers: ANA-08"""
    found = loyalty.score([[1, 0.5, 0.25, 0, 1]])
    assert found.score == pytest.approx([35 + 7.5 + 5 + 0 + 15])
    assert found.used(0) == loyalty.COMPONENTS


def test_a_missing_component_raises_the_others_in_proportion():
    """Covers: ANA-08"""
    found = loyalty.score([[0.8, 0.4, NAN, NAN, NAN], [NAN] * 5])
    assert found.score[0] == pytest.approx(100 * (0.35 * 0.8 + 0.15 * 0.4) / 0.5)
    assert found.used(0) == ("continuity", "tenure")
    assert found.weights[0] == pytest.approx([0.7, 0.3, 0, 0, 0])
    assert np.isnan(found.score[1]) and found.used(1) == ()


@given(st.lists(st.lists(share, min_size=5, max_size=5), min_size=1, max_size=20))
def test_the_score_lies_between_its_components(rows):
    found = loyalty.score(rows)
    for row, value in zip(rows, found.score, strict=True):
        known = [100 * item for item in row if item == item]
        if known:
            assert min(known) - 1e-9 <= value <= max(known) + 1e-9
        else:
            assert np.isnan(value)


def test_components_from_their_facts():
    found = loyalty.continuity([12, 6, 2, 3, 1], [30, 30, 91.3125, NAN, 10], [24] * 5)
    assert found[:3] == pytest.approx([1, 0.5, 0.5], rel=0.02)
    assert np.isnan(found[3]) and found[4] == pytest.approx(1 / 12)
    assert loyalty.continuity([2], [30], [2]) == pytest.approx([1])
    assert loyalty.tenure([0, 2.5, 9]).tolist() == [0, 0.5, 1]
    breadth = loyalty.breadth([2, 9, 1], [4, 4, 0])
    assert breadth[:2].tolist() == [0.5, 1] and np.isnan(breadth[2])
    assert loyalty.satisfaction([1, 3, 5]).tolist() == [0, 0.5, 1]


@pytest.mark.parametrize(
    ("rows", "weights", "message"),
    [
        ([[1.2, 0, 0, 0, 0]], None, "between 0 and 1"),
        ([[1, 0]], None, "5 components"),
        ([[1, 0, 0, 0, 0]], loyalty.Weights(0, 0, 0, 0, 0), "not all zero"),
    ],
)
def test_bad_components_are_refused(rows, weights, message):
    with pytest.raises(ValueError, match=message):
        loyalty.score(rows, weights)


def test_best_loyalty_and_contribution_give_the_first_tier():
    """Covers: ANA-05"""
    found = tier.tiers([1, 2, 3, 4, 5, NAN], [10, 20, 30, 40, 50, 60], tier.GRID)
    assert found.tolist() == [5, 4, 3, 2, 1, tier.NO_TIER]


def test_few_customers_have_steps_of_fixed_limits():
    """Covers: ANA-05"""
    fixed = tier.Fixed(4, (1_000, 5_000, 20_000, 50_000))
    loyalty, money = [85, 20, NAN, 39.99], [50_000, 999.99, 10, 5_000]
    found = tier.tiers(loyalty, money, tier.GRID, fixed)  # three with a loyalty
    assert found.tolist() == [tier.GRID[4][4], tier.GRID[1][0], 0, tier.GRID[1][2]]
    enough = tier.tiers([*loyalty, 90], [*money, 1], tier.GRID, fixed)
    quintiles = tier.tiers([*loyalty, 90], [*money, 1], tier.GRID)
    assert enough.tolist() == quintiles.tolist()


def test_the_tier_is_that_of_the_given_grid():
    """Covers: ANA-05"""
    grid = tier.grid_of(tier.cells_of() | {(3, 3): 4})
    found = tier.tiers([1, 2, 3, 4, 5], [10, 20, 30, 40, 50], grid)
    assert found.tolist() == [5, 4, 4, 2, 1]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(-9, 9)), min_size=1), grids())
def test_more_loyalty_and_value_never_mean_less_service(rows, grid):
    found = tier.tiers(*zip(*rows, strict=True), grid)
    for (loyal, money), own in zip(rows, found, strict=True):
        for (other_loyal, other_money), other in zip(rows, found, strict=True):
            if loyal >= other_loyal and money >= other_money:
                assert own <= other


@pytest.mark.parametrize(
    ("grid", "message"),
    [
        (((1,) * 5,) * 4, "five rows"),
        (((0,) * 5,) * 5, "from 1 to 5"),
        (((1, 2, 2, 2, 2),) * 5, "better quintile"),
    ],
)
def test_a_grid_that_makes_no_sense_is_refused(grid, message):
    with pytest.raises(ValueError, match=message):
        tier.tiers([1], [1], grid)


def _read_data():
    """Tier of each cell in the data file, and how often a cell is there."""
    cells, counts = {}, Counter()
    for record in etree.parse(str(DATA)).iter("record"):
        values = {
            field.get("name"): int(field.get("eval")) for field in record.iter("field")
        }
        cell = values["loyalty_quintile"], values["contribution_quintile"]
        counts[cell] += 1
        cells[cell] = values["tier"]
    return cells, counts


def test_the_data_are_the_published_grid_with_each_cell_once():
    """Covers: ANA-05"""
    cells, counts = _read_data()
    assert cells == tier.cells_of()
    assert len(counts) == 25 and set(counts.values()) == {1}
    assert etree.parse(str(DATA)).getroot().get("noupdate") == "1"


@given(grids())
def test_a_grid_is_its_cells(grid):
    tier.check(grid)
    cells = tier.cells_of(grid)
    assert len(cells) == 25
    assert tier.grid_of(cells) == grid


def test_a_missing_cell_is_refused():
    cells = tier.cells_of()
    del cells[3, 3]
    with pytest.raises(ValueError, match="from 1 to 5"):
        tier.check(tier.grid_of(cells))


@given(grids(), st.tuples(*[st.integers(1, 5)] * 2), st.integers(1, 5))
def test_neighbours_tell_of_every_disorder(grid, cell, changed):
    cells = tier.cells_of(grid) | {cell: changed}
    served_less = any(
        a[0] <= b[0] and a[1] <= b[1] and cells[a] < cells[b]
        for a in cells
        for b in cells
    )
    found = tier.disorder(cells)
    assert bool(found) == served_less
    if found:
        worse, better = found
        assert cells[worse] < cells[better] and cell in found
