"""Rules are not updated with the addon: they read the common right from now on."""

from odoo.tools import SQL


def migrate(cr, version):
    cr.execute(
        SQL(
            """
            UPDATE ir_rule
               SET domain_force = replace(
                       domain_force, '.service_portal_scope', '.portal_scope')
             WHERE domain_force LIKE '%%.service_portal_scope%%'
            """
        )
    )
