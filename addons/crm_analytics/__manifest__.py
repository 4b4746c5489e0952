{
    "name": "Customer Insight",
    "summary": "Customer value computed from posted invoices, every score traceable to ledger entries",
    "version": "19.0.1.0.0",
    "category": "Sales/CRM",
    "author": "B2B CRM contributors",
    "license": "AGPL-3",
    "depends": [
        "crm_b2b",
    ],
    "data": [],
    "demo": [],
    "assets": {
        "web.assets_tests": ["crm_analytics/static/tests/tours/**/*"],
    },
}
