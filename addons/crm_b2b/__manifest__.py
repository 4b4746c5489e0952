{
    "name": "B2B Sales",
    "summary": "Accounts, opportunities and order-to-cash of a B2B maker on the ERP's own records",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "B2B CRM contributors",
    "license": "AGPL-3",
    "depends": [
        "sale_crm",
        "sale_management",
        "sale_margin",
        "sale_stock",
        "stock_account",
        "contacts",
        "calendar",
        "crm_credit",
        "sale_financial_risk",
    ],
    "data": [
        "security/crm_b2b_groups.xml",
        "security/ir.model.access.csv",
        "views/order_to_cash_views.xml",
        "views/res_partner_views.xml",
        "views/res_config_settings_views.xml",
        "views/crm_b2b_menus.xml",
    ],
    "data": [
        "security/ir.model.access.csv",
        "security/crm_territory_security.xml",
        "data/crm_territory_cron.xml",
        "views/crm_territory_views.xml",
        "views/crm_handover_views.xml",
    ],
    "demo": [],
    "assets": {
        "web.assets_backend": [
            "crm_b2b/static/src/order_to_cash_bar/*",
        ],
        "web.assets_unit_tests": [
            "crm_b2b/static/tests/**/*.test.js",
        ],
    },
    "post_init_hook": "post_init_hook",
}
