from . import test_js
from . import test_order_to_cash
from . import test_credit_gate_on_orders
from . import test_crm_handover
from . import test_crm_territory
from . import test_demo_company
