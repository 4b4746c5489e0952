from . import base_partner_merge
from . import crm_import_wizard
from . import crm_lead_gate_override
from . import crm_lead_lost
from . import crm_forecast_waterfall
from . import commission_make_settle
