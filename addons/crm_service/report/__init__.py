from . import service_contract_report
from . import service_contract_report_work
from . import service_satisfaction_report
from . import service_complaint_report
