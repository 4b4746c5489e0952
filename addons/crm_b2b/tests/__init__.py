from . import test_credit_gate_on_orders
