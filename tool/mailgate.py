"""Hand a mail from the mail server to the CRM: the program behind a pipe alias.

    support: "|/usr/bin/python3 tool/mailgate.py --database crm --key-file /etc/crm.key"

Unlike the script of Odoo it reads bytes, so that mail in any encoding gets through.
It asks the mail server to try again later whenever the CRM did not take the mail: a
mail is not lost because the CRM is being updated. The key is an API key of the user,
read from a file or from the environment variable MAILGATE_KEY.
"""

import argparse
import os
import sys
import xmlrpc.client
from pathlib import Path

# exit codes as mail servers understand them (sysexits.h)
OK, NO_USER, TRY_AGAIN = 0, 67, 75


def parse(arguments):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--url", default="http://127.0.0.1:8069")
    parser.add_argument("--database", required=True)
    parser.add_argument("--user", type=int, default=2, help="id of the user")
    parser.add_argument("--key-file", help="file with the API key or password")
    return parser.parse_args(arguments)


def hand_over(mail, options, key):
    """Return the exit code after handing ``mail``, bytes, to the CRM."""
    server = xmlrpc.client.ServerProxy(
        f"{options.url}/xmlrpc/2/object", allow_none=True
    )
    try:
        server.execute_kw(
            options.database,
            options.user,
            key,
            "mail.thread",
            "message_process",
            [False, xmlrpc.client.Binary(mail)],
        )
    except xmlrpc.client.Fault as fault:
        if "No possible route" in fault.faultString:
            sys.stderr.write("no such address\n")
            return NO_USER
        sys.stderr.write("refused for now\n")
        return TRY_AGAIN
    except (OSError, xmlrpc.client.ProtocolError) as error:
        sys.stderr.write(f"{type(error).__name__}\n")
        return TRY_AGAIN
    return OK


def main(arguments=None):
    options = parse(arguments)
    key = (
        Path(options.key_file).read_text(encoding="utf-8").strip()
        if options.key_file
        else os.environ["MAILGATE_KEY"]
    )
    return hand_over(sys.stdin.buffer.read(), options, key)


if __name__ == "__main__":
    sys.exit(main())
