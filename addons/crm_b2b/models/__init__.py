from . import crm_handover
from . import crm_handover_brief
from . import crm_handover_line
from . import crm_handover_lines_sql
from . import crm_lead_territory
from . import crm_territory
from . import res_partner_territory
