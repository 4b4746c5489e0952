from . import customer_value
