from . import mailing
from . import personal
from . import campaign_workbook
