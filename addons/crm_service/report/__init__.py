from . import service_contract_report
from . import service_contract_report_work
from . import service_satisfaction_report
from . import service_complaint_report
from . import service_request_report
from . import service_technician_report
