from . import ticket_close
from . import service_call
from . import portal
from . import portal_return
from . import portal_request
