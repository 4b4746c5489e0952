from . import service_contract_report
