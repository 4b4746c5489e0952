from . import test_ticket_portal_close
from . import test_ticket_contact
from . import test_contract_access
