"""Where the price of an order line came from.

Prices are per unit, in one currency, without taxes being looked at.
"""

DISCOUNT_ROUNDING = 0.00005  # a discount is kept with two digits of a per cent


def price_source(
    unit: float,
    discount: float,
    agreed: float,
    list_price: float,
    frame: float | None,
    has_rule: bool,
    digits: int = 2,
) -> str:
    """Return ``frame``, ``pricelist``, ``list`` or ``manual``.

    :param unit: price before discount
    :param discount: in per cent
    :param agreed: what the price list of the order says
    :param list_price: sales price of the product
    :param frame: price of the frame agreement drawn on, None without one
    :param has_rule: whether a rule of the price list gave ``agreed``
    :param digits: decimals of prices
    """
    effective = unit * (1 - discount / 100)
    tolerance = 10**-digits / 2 + (abs(unit) * DISCOUNT_ROUNDING if discount else 0)

    def same(other):
        return abs(effective - other) <= tolerance * (1 + 1e-6)

    if frame is not None and same(frame):
        return "frame"
    if same(agreed):
        return "pricelist" if has_rule else "list"
    return "list" if same(list_price) else "manual"
