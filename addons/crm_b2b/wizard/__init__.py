from . import crm_import_wizard
