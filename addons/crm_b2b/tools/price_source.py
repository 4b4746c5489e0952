"""Where the price of an order line came from.

Prices are per unit, in one currency, without taxes being looked at.
"""

MARGIN = 0.0001  # a discount is kept with two digits of a per cent


def price_source(
    effective: float,
    agreed: float,
    list_price: float,
    frame: float | None,
    has_rule: bool,
    digits: int = 2,
) -> str:
    """Return ``frame``, ``pricelist``, ``list`` or ``manual``.

    :param effective: price after discount
    :param agreed: what the price list of the order says
    :param list_price: sales price of the product
    :param frame: price of the frame agreement drawn on, None without one
    :param has_rule: whether a rule of the price list gave ``agreed``
    :param digits: decimals of prices
    """
    if frame is not None and _same(effective, frame, digits):
        return "frame"
    if _same(effective, agreed, digits):
        return "pricelist" if has_rule else "list"
    return "list" if _same(effective, list_price, digits) else "manual"


def _same(one: float, other: float, digits: int) -> bool:
    return abs(one - other) <= 10**-digits / 2 + MARGIN * abs(other)
