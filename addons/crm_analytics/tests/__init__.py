from . import test_facts
from . import test_values
from . import test_runs
from . import test_policy
from . import test_security
from . import test_workbook
from . import test_playbook
from . import test_views
