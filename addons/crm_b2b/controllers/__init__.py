from . import premier
from . import premier_basket
