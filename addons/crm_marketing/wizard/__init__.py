from . import crm_mailing_preview
