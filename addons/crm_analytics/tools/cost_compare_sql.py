"""SQL that finds the months of which the stored cost is not that of the records."""

from collections.abc import Sequence

from odoo.tools import SQL

from .cost_sql import LATE_PAYMENT, by_month

# Kinds that leave no marks; the index of the months has the same condition.
COMPARED = ("sales", "service", "logistics", "marketing")
HAS_COMPARED = " OR ".join(f"cost_{kind} <> 0" for kind in COMPARED)


def differing_months(company_id: int, sources: Sequence[SQL], condition: SQL) -> SQL:
    """Customers and months whose stored cost is not that of the records.

    Late payments are left out: they leave a mark. The others change in many ways (a
    record that comes, changes, goes or is refused, a deal with another customer, an
    hour that costs more); comparing the sums finds them all, and no list of such ways
    has to be complete.

    :param condition: on the columns of the source ``c``
    """
    kinds = [SQL.identifier(f"cost_{kind}") for kind in COMPARED]
    return SQL(
        """
        SELECT coalesce(n.partner_id, t.partner_id) AS partner_id,
               coalesce(n.month, t.month) AS month
          FROM (%(costs)s) n
     FULL JOIN (SELECT partner_id, month, %(kinds)s FROM crm_customer_month
                 WHERE company_id = %(company)s AND (%(stored)s)) t
            ON t.partner_id = n.partner_id AND t.month = n.month
         WHERE (%(new)s) IS DISTINCT FROM (%(old)s)""",
        costs=by_month(
            sources, COMPARED, SQL("c.code <> %s AND %s", LATE_PAYMENT, condition)
        ),
        kinds=SQL(", ").join(kinds),
        company=company_id,
        stored=SQL(HAS_COMPARED),
        new=SQL(", ").join(SQL("coalesce(n.%s, 0)", kind) for kind in kinds),
        old=SQL(", ").join(SQL("coalesce(t.%s, 0)", kind) for kind in kinds),
    )
