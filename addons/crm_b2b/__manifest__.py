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
    ],
    "data": [],
    "demo": ["demo/crm_demo_company.xml"],
}
