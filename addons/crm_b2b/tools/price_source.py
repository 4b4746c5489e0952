"""Where the price of an order line came from.

Prices are per unit, in one currency, without taxes being looked at.
"""

ROUNDING = 0.00005  # a discount is kept with two digits of a per cent


def price_source(
    effective: float,
    agreed: float,
    list_price: float,
    frame: float | None,
    has_rule: bool,
    digits: int = 2,
    discounted: bool = False,
) -> str:
    """Return ``frame``, ``pricelist``, ``list`` or ``manual``.

    :param effective: price after discount
    :param agreed: what the price list of the order says
    :param list_price: sales price of the product
    :param frame: price of the frame agreement drawn on, None without one
    :param has_rule: whether a rule of the price list gave ``agreed``
    :param digits: decimals of prices
    :param discounted: ``effective`` was reached by a rounded discount
    """
    margin = ROUNDING if discounted else 0.0

    def same(other):
        return abs(effective - other) <= 10**-digits / 2 + margin * abs(other) + 1e-9

    if frame is not None and same(frame):
        return "frame"
    if same(agreed):
        return "pricelist" if has_rule else "list"
    return "list" if same(list_price) else "manual"
