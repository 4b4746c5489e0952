from . import test_crm_handover
from . import test_crm_territory
