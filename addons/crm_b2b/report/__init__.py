from . import crm_pipeline_report
from . import crm_forecast_accuracy
from . import crm_forecast_reliability
from . import crm_quota_report
