"""One right for the whole portal: the one of service goes over into the common one."""

from odoo.tools import SQL
from odoo.tools.sql import column_exists


def migrate(cr, version):
    if column_exists(cr, "res_partner", "service_portal_scope"):
        cr.execute(
            SQL(
                "UPDATE res_partner SET portal_scope = 'own' "
                "WHERE service_portal_scope = 'own'"
            )
        )
    # the form of before this version names the field that is gone
    cr.execute(
        SQL(
            r"""
            UPDATE ir_ui_view v
               SET arch_db = regexp_replace(
                       v.arch_db::text,
                       '<field name=\\"service_portal_scope\\"[^>]*/>', '', 'g')::jsonb
              FROM ir_model_data d
             WHERE d.model = 'ir.ui.view' AND d.res_id = v.id
               AND d.module = 'crm_service'
               AND d.name = 'res_partner_view_form_service'
            """
        )
    )
