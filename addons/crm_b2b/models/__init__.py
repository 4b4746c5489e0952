from . import crm_demo_company
from . import crm_demo_master
from . import crm_demo_sales
from . import crm_demo_invoicing
from . import crm_demo_pipeline
