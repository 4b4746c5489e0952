from . import base_partner_merge
from . import crm_value_playbook_assign
