from . import customer_value
from . import premier
