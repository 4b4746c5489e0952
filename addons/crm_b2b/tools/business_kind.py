"""Kind of business of a deal: new customer, new product, or repeat."""

from collections.abc import Collection


def business_kind(bought: Collection | None, families: Collection) -> str:
    """Return ``new_customer``, ``new_product`` or ``repeat``.

    ``bought``: product families the customer had ordered before the deal (opaque keys;
    empty or None: had never ordered). ``families``: those of the deal, empty when its
    products are not known yet. One family never ordered makes it new product business.
    """
    if not bought:
        return "new_customer"
    if set(families) - set(bought):
        return "new_product"
    return "repeat"
