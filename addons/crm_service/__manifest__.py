{
    "name": "B2B Service",
    "summary": "Service contracts, entitlements, requests, visits and returns",
    "version": "19.0.1.0.0",
    "category": "Services",
    "author": "B2B CRM contributors",
    "license": "AGPL-3",
    "depends": [
        "contract",
        "contract_sale",
        "contract_line_successor",
        "contract_termination",
        "helpdesk_mgmt",
        "account_financial_risk",
        "sale_stock",
    ],
    "data": [],
    "demo": [],
}
