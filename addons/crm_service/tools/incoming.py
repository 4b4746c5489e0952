"""What to make of an incoming mail before it becomes or joins a request."""

import codecs
from email.message import Message

#: Headers of automatic answers (RFC 3834, and what older programs write).
_ALWAYS = ("X-Autoreply", "X-Autorespond", "X-Autoresponse")
#: No more of the subject goes into the title; the whole stays in the message.
TITLE_LENGTH = 250


def is_automatic_reply(message: Message) -> bool:
    """Tell whether a program answered by itself: absence notes, receipts.

    ``auto-generated`` is none: machines that report a fault by mail write so.

    >>> from email import message_from_string
    >>> is_automatic_reply(message_from_string("Auto-Submitted: auto-replied (away)"))
    True
    >>> is_automatic_reply(message_from_string("Auto-Submitted: auto-generated"))
    False
    """
    submitted = str(message.get("Auto-Submitted", "")).strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    return (
        submitted.startswith("auto-replied")
        or precedence == "auto_reply"
        or any(message.get(name) for name in _ALWAYS)
    )


def repair_charsets(message: Message) -> None:
    """Let parts in a character set that nobody knows be read as ISO 8859-1.

    Every byte has a meaning there; the mail would be refused otherwise.

    >>> from email import message_from_string
    >>> mail = message_from_string("Content-Type: text/plain; charset=klingon")
    >>> repair_charsets(mail)
    >>> mail.get_content_charset()
    'iso-8859-1'
    """
    for part in message.walk():
        charset = part.get_content_charset()
        if not charset:
            continue
        try:
            codecs.lookup(charset)
        except LookupError:
            part.set_param("charset", "iso-8859-1")


def clean(value):
    """Return ``value`` without NUL characters, which the database cannot store.

    Strings in lists, tuples and dicts are cleaned too; bytes stay as they are.

    >>> clean({"subject": "a" + chr(0) + "b", "attachments": [("x" + chr(0), b"")]})
    {'subject': 'ab', 'attachments': [('x', b'')]}
    """
    if isinstance(value, str):
        # through type(): Markup stays Markup
        return value.replace("\x00", "") if "\x00" in value else value
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*map(clean, value))
    if isinstance(value, tuple):
        return tuple(map(clean, value))
    return value


def to_title(subject: str | None, default: str) -> str:
    """Return the title of a request from the subject of a mail: one line, not endless.

    >>> to_title(" Pump\\n stands ", "?"), to_title(None, "?")
    ('Pump stands', '?')
    """
    words = " ".join((subject or "").split())
    if len(words) > TITLE_LENGTH:
        words = words[: TITLE_LENGTH - 1] + "…"
    return words or default
