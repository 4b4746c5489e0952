from . import crm_marketing_cost
from . import crm_marketing_budget
from . import crm_campaign_entry
from . import crm_lead_conversion
from . import crm_care_date
