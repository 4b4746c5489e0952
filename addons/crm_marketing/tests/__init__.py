from . import test_audience
from . import test_auto_reply
from . import test_mailing_content
from . import test_sending
from . import test_sending_security
from . import test_sending_tour
from . import test_triggers
