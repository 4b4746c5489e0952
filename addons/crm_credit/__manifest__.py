{
    "name": "Customer Credit Gate",
    "summary": "One credit decision for orders, deliveries, service and repairs",
    "version": "19.0.1.0.0",
    "category": "Accounting/Accounting",
    "author": "B2B CRM contributors",
    "license": "AGPL-3",
    "depends": ["account_financial_risk"],
    "data": [
        "security/crm_credit_groups.xml",
        "security/ir.model.access.csv",
        "security/crm_credit_security.xml",
        "views/crm_credit_check_views.xml",
        "views/crm_credit_release_views.xml",
        "views/res_partner_views.xml",
        "views/res_config_settings_views.xml",
        "wizard/crm_credit_hold_views.xml",
        "views/crm_credit_menus.xml",
    ],
    "assets": {
        "web.assets_backend": [
            "crm_credit/static/src/**/*",
        ],
        "web.assets_unit_tests": [
            "crm_credit/static/tests/**/*.test.js",
        ],
    },
    "post_load": "post_load",
    "post_init_hook": "post_init_hook",
}
