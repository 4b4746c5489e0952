from . import res_partner_credit
from . import sale_order_credit
from . import stock_picking_credit
