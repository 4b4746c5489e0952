from . import models
from .hooks import post_init_hook, post_load, uninstall_hook
from . import report
from . import wizard
from . import controllers
