{
    "name": "Customer Insight",
    "summary": "Customer value from posted invoices, traceable to ledger entries",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "B2B CRM contributors",
    "license": "AGPL-3",
    "depends": [
        "crm_b2b",
        "sale_margin",
    ],
    "external_dependencies": {"python": ["numpy", "xlsxwriter"]},
    "data": [
        "security/crm_analytics_groups.xml",
        "security/ir.model.access.csv",
        "security/crm_analytics_rules.xml",
        "data/crm_rfm_group_data.xml",
        "data/ir_cron_data.xml",
        "views/account_move_views.xml",
        "views/crm_customer_value_views.xml",
        "views/crm_customer_month_views.xml",
        "views/crm_customer_value_snapshot_views.xml",
        "views/crm_value_run_views.xml",
        "views/crm_value_policy_views.xml",
        "views/crm_rfm_views.xml",
        "views/res_partner_views.xml",
        "views/res_config_settings_views.xml",
        "views/crm_analytics_menus.xml",
    ],
    "demo": [
        "demo/crm_analytics_demo.xml",
    ],
    "application": True,
    "assets": {
        "web.assets_tests": [
            "crm_analytics/static/tests/tours/*.js",
        ],
    },
}
