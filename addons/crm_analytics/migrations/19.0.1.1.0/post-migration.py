def migrate(cr, version):
    """Rank, share and parts are computed; 19.0.1.2.0 adds up the months."""
    if not version:
        return
    cr.execute(
        "ALTER TABLE crm_customer_value"
        " DROP COLUMN IF EXISTS rank, DROP COLUMN IF EXISTS cum_share,"
        " DROP COLUMN IF EXISTS loyalty_parts, DROP COLUMN IF EXISTS risk_reasons"
    )
