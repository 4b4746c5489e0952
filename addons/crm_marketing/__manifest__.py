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
        "security/crm_marketing_rules_sending.xml",
        "data/crm_audience_option_data.xml",
        "data/crm_marketing_purpose_data.xml",
        "views/crm_content_templates.xml",
        "views/crm_marketing_menus.xml",
    ],
}
