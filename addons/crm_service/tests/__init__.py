from . import test_ticket_portal_close
from . import test_ticket_contact
from . import test_contract_access
from . import test_contract_billing
from . import test_contract_life
from . import test_entitlement
from . import test_contract_revision
from . import test_concurrency
