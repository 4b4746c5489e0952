from . import order_to_cash_mixin
from . import crm_lead
from . import res_company
from . import res_config_settings
from . import res_partner
from . import sale_order
