from . import crm_sales_report_mixin
from . import crm_otif_report
from . import crm_price_report
from . import crm_open_business_report
from . import crm_pipeline_report
from . import crm_forecast_accuracy
from . import crm_forecast_reliability
from . import crm_quota_report
