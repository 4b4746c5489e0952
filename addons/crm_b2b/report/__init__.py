from . import crm_sales_report_mixin
from . import crm_otif_report
from . import crm_price_report
from . import crm_open_business_report
