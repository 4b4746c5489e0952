from . import test_credit_exposure
from . import test_credit_gate
from . import test_js
