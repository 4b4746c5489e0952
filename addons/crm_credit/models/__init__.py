from . import account_move
from . import crm_credit_check
from . import crm_credit_document
from . import crm_credit_release
from . import ir_module
from . import res_company
from . import res_config_settings
from . import res_partner
