from . import service_contract_suspend
from . import service_price_revision
from . import service_wizards
