{
    "name": "One-to-One Marketing",
    "summary": "Audiences from customer value, personal mails, measured on invoices",
    "version": "19.0.1.0.0",
    "category": "Marketing/Email Marketing",
    "author": "B2B CRM contributors",
    "license": "AGPL-3",
    "depends": [
        "crm_analytics",
        "mass_mailing_crm",
        "mass_mailing_sale",
        "event_crm",
    ],
    "data": [
        "security/crm_marketing_groups.xml",
        "security/ir.model.access.csv",
        "views/crm_marketing_menus.xml",
    ],
}
