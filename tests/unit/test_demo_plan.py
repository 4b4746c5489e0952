"""The demo company's plan: repeatable, dated rightly, with all kinds of customers."""

import datetime
from collections import defaultdict

import pytest

from odoo.addons.crm_b2b.tools import demo_catalog, demo_logo, demo_plan

TODAY = datetime.date(2026, 11, 20)
DAYS = [datetime.date(2026, 3, 2), TODAY, datetime.date(2028, 2, 29)]


@pytest.fixture(scope="module", params=DAYS, ids=str)
def plan(request):
    return demo_plan.build_plan(request.param)


def revenue_by_year(plan):
    """Return {customer: [ordered in the last 12 months, the 12 before, the rest]}."""
    totals = defaultdict(lambda: [0.0, 0.0, 0.0])
    for order in plan.orders:
        if order.state == "sale":
            year = min(2, (plan.today - order.ordered.date()).days // 365)
            totals[order.customer][year] += sum(
                line.quantity * line.price * (1 - line.discount / 100)
                for line in order.lines
            )
    return totals


def of_kind(plan, kind):
    return [customer.key for customer in plan.customers if customer.kind == kind]


def test_same_day_and_seed_give_the_same_plan():
    assert demo_plan.build_plan(TODAY) == demo_plan.build_plan(TODAY)


def test_another_seed_gives_another_plan():
    assert demo_plan.build_plan(TODAY, 1) != demo_plan.build_plan(TODAY, 2)


def test_a_small_plan_has_the_same_orders_for_the_customers_it_keeps():
    small = demo_plan.build_plan(TODAY, customers_per_kind=1)
    keys = {customer.key for customer in small.customers}
    whole = demo_plan.build_plan(TODAY)
    assert small.orders == tuple(o for o in whole.orders if o.customer in keys)


def test_there_are_60_customers_30_products_and_every_reference_resolves(plan):
    assert len(plan.customers) == 60
    assert len(demo_catalog.PRODUCTS) == 30
    customers = {customer.key for customer in plan.customers}
    products = {product.key for product in demo_catalog.PRODUCTS}
    logins = {person.login for person in demo_catalog.PEOPLE} | {"admin"}
    orders = {order.key for order in plan.orders}
    assert len(orders) == len(plan.orders)
    for order in plan.orders:
        assert order.customer in customers and order.lines
        assert {line.product for line in order.lines} <= products
        assert len({line.product for line in order.lines}) == len(order.lines)
    for deal in plan.deals:
        assert deal.customer in customers and deal.seller in logins
        assert (deal.order in orders) == (deal.status == "won")


def test_history_is_on_working_days_in_order_and_never_in_the_future(plan):
    for order in plan.orders:
        chain = [order.ordered.date(), order.delivered, order.invoiced]
        chain += [day for day, _share in order.payments]
        chain = [day for day in chain if day]
        assert chain == sorted(chain)
        if order.refund:
            assert order.refund[0] >= order.invoiced
            chain.append(order.refund[0])
        assert max(chain) <= plan.today
        assert all(day.weekday() < 5 for day in chain)
        assert not (order.payments and not order.invoiced)


def test_the_history_covers_three_years_and_ends_today(plan):
    days = [order.ordered.date() for order in plan.orders]
    assert (plan.today - min(days)).days > 3 * 365 - 60
    assert (plan.today - max(days)).days <= 4


def test_growing_customers_grow_and_declining_ones_lose_a_third(plan):
    totals = revenue_by_year(plan)
    for kind, low, high in (("growing", 1.2, 99), ("declining", 0.0, 0.7)):
        keys = of_kind(plan, kind)
        now = sum(totals[key][0] for key in keys)
        before = sum(totals[key][1] for key in keys)
        assert low * before <= now <= high * before
    steady = of_kind(plan, "steady")
    now = sum(totals[key][0] for key in steady)
    assert 0.75 < now / sum(totals[key][1] for key in steady) < 1.35


def test_dormant_customers_stopped_two_years_ago_and_new_ones_just_began(plan):
    ages = defaultdict(list)
    for order in plan.orders:
        ages[order.customer].append((plan.today - order.ordered.date()).days)
    assert all(min(ages[key]) > 24 * 30.4 for key in of_kind(plan, "dormant"))
    assert all(max(ages[key]) < 180 for key in of_kind(plan, "new"))


def test_loss_makers_are_sold_below_cost_and_nobody_else_is(plan):
    margin = defaultdict(float)
    for order in plan.orders:
        for line in order.lines:
            net = line.price * (1 - line.discount / 100)
            margin[order.customer] += line.quantity * (net - line.cost)
    losing = {key for key, value in margin.items() if value < 0}
    assert losing == set(of_kind(plan, "loss"))


def test_bad_payers_pay_weeks_late_and_others_about_in_time(plan):
    delays = defaultdict(list)
    terms = {customer.key: customer.term_days for customer in plan.customers}
    for order in plan.orders:
        for day, _share in order.payments[:1]:
            late = (day - order.invoiced).days - terms[order.customer]
            delays[order.customer].append(late)
    for key in of_kind(plan, "bad_payer"):
        assert sum(delays[key]) / len(delays[key]) > 30
    for key in of_kind(plan, "key"):
        assert sum(delays[key]) / len(delays[key]) < 10


def test_the_customer_in_credit_trouble_has_old_open_invoices(plan):
    (key,) = of_kind(plan, "credit_trouble")
    overdue = [
        order
        for order in plan.orders
        if order.customer == key
        and order.invoiced
        and (plan.today - order.invoiced).days > 60
        and (not order.payments or order.payments[-1][1] < 1)
    ]
    assert len(overdue) >= 2


def test_open_deals_are_in_every_stage_and_some_are_rotting(plan):
    opened = [deal for deal in plan.deals if deal.status == "open"]
    assert 55 <= len(opened) <= 70
    assert {deal.stage for deal in opened} == {"new", "qualified", "proposition"}
    assert any((plan.today - deal.moved).days > 30 for deal in opened)
    assert any(deal.closing < plan.today for deal in opened)
    assert {deal.status for deal in plan.deals} == {"open", "won", "lost"}


def test_companions_are_bought_together_more_often_than_apart(plan):
    both = first = second = 0
    for order in plan.orders:
        keys = {line.product for line in order.lines}
        first += "ep100" in keys
        second += "in130" in keys
        both += {"ep100", "in130"} <= keys
    assert both / len(plan.orders) > 1.5 * first / len(plan.orders) * second / len(
        plan.orders
    )


def test_the_logo_is_a_png():
    assert demo_logo.draw_logo().startswith(b"\x89PNG")
