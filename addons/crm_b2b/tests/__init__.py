from . import test_js
from . import test_order_to_cash
