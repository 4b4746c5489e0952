from . import test_credit_gate
