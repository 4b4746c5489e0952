from . import crm_import_count
from . import crm_import_issue
from . import crm_import_loader
from . import crm_import_loader_master
from . import crm_import_loader_deal
from . import crm_import_run
from . import crm_import_run_folder
