"""Whether a reply may be answered by a machine, and which rule fits it."""

import re
from collections.abc import Iterable, Mapping

AUTOMATIC_PRECEDENCE = {"bulk", "list", "junk", "auto_reply"}
AUTOMATIC_HEADERS = (
    "x-autoreply",
    "x-autorespond",
    "x-auto-response-suppress",
    "list-id",
    "list-unsubscribe",
    "x-failed-recipients",
)


def automatic_reason(headers: Mapping[str, str]) -> str | None:
    """The header that says a machine wrote the mail, or None for a person's mail.

    RFC 3834: ``Auto-Submitted`` other than ``no``; ``Precedence`` of lists and bulk; an
    empty ``Return-Path`` (RFC 5321, 4.5.5); what common servers add besides.

    :param headers: names in any case
    """
    low = {name.lower(): str(value).strip() for name, value in headers.items()}
    submitted = low.get("auto-submitted", "no").split(";")[0].strip().lower()
    if submitted != "no":
        return "auto-submitted"
    if low.get("precedence", "").lower() in AUTOMATIC_PRECEDENCE:
        return "precedence"
    if low.get("return-path") == "<>":
        return "return-path"
    return next((name for name in AUTOMATIC_HEADERS if low.get(name)), None)


def own_reason(sender: str | None, own: Iterable[str]) -> str | None:
    """``own`` for a mail from one of our addresses, ``sender`` for one from nobody."""
    if not sender:
        return "sender"
    return "own" if sender.lower() in {address.lower() for address in own} else None


def matches(keywords: str | None, text: str | None) -> bool:
    """Whether one of the words or phrases, parted by commas, stands in the text.

    Whole words in any case; a rule without keywords fits every text. Words of a script
    without spaces are looked for anywhere.
    """
    phrases = [phrase.strip() for phrase in re.split(r"[,;\n]", keywords or "")]
    phrases = [phrase for phrase in phrases if phrase]
    if not phrases:
        return True
    return any(_holds(phrase, text or "") for phrase in phrases)


def _holds(phrase, text):
    if phrase.isascii():
        pattern = rf"(?<!\w){re.escape(phrase)}(?!\w)"
        return re.search(pattern, text, re.IGNORECASE) is not None
    return phrase.casefold() in text.casefold()


def own_words(text: str | None) -> str:
    """The text without what it quotes: lines after ``>`` and after the quote's head."""
    kept = []
    for line in (text or "").splitlines():
        if re.match(r"\s*(-{2,}\s*original|on .+ wrote:|am .+ schrieb)", line, re.I):
            break
        if not line.lstrip().startswith(">"):
            kept.append(line)
    return "\n".join(kept)
