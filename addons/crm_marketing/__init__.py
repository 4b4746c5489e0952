from . import controllers
from . import report
from . import models
from . import wizard
from .hooks import uninstall_hook
