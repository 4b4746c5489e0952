from . import service_contract_suspend
from . import service_price_revision
from . import service_wizards
from . import service_visit_slots
from . import service_visit_day
from . import service_return_select
from . import stock_return_picking_line
from . import service_request_merge
