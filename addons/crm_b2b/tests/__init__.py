from . import test_crm_import_run
from . import test_crm_import_wizard
from . import test_crm_import_real
