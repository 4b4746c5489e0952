from . import crm_mailing_preview
from . import crm_lead_transfer_wizard
from . import crm_fair_visitor
from . import mail_compose_message
from . import mailing_mailing_test
