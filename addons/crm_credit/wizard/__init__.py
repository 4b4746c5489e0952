from . import crm_credit_hold
