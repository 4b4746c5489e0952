"""Likeness of short texts in Chinese and English.

PostgreSQL's ``pg_trgm`` sees only letters of the database's character type; in a
"C" database Chinese characters do not exist for it, and two-character words, the
rule in Chinese, are too short for trigrams anyway. So texts are rewritten before
they are stored and asked: Latin words stay words, each run of Chinese characters
becomes its overlapping pairs, and each pair is spelled in ASCII. What is alike in
the original is then alike word by word in any database.
"""

import re
import unicodedata

_RUNS = re.compile(r"([a-z0-9]+)|([\u3400-\u9fff\uf900-\ufaff]+)|([^\W_]+)")


def tokens(text):
    """Return the words of ``text``: Latin words, pairs of Chinese characters.

    >>> tokens("Pump P-20 漏油了")
    ['pump', 'p', '20', '漏油', '油了']
    """
    words = []
    folded = unicodedata.normalize("NFKC", text or "").casefold()
    for latin, chinese, other in _RUNS.findall(folded):
        if chinese:
            pairs = [chinese[i : i + 2] for i in range(len(chinese) - 1)]
            words += pairs or [chinese]
        else:
            words.append(latin or other)
    return words


def spell(word):
    """Return ``word`` in ASCII letters and digits.

    >>> spell("pump"), spell("漏油")
    ('pump', 'z6f0fz6cb9')
    """
    if word.isascii():
        return word
    return "".join(f"z{ord(character):x}" for character in word)


def searchable(text):
    """Return ``text`` as it is stored for the trigram index: each word once.

    >>> searchable("the pump, the seal")
    'the pump seal'
    """
    return " ".join(dict.fromkeys(spell(word) for word in tokens(text)))


def likeness(query, text):
    """Return which part of the words of ``query`` occurs in ``text``: 0 to 1.

    Both are in the form of :func:`searchable`. A word that begins like one of the
    text counts half, so that a word still being typed helps already.
    """
    wanted = set(query.split())
    if not wanted:
        return 0.0
    words = set(text.split())
    found = sum(
        1.0
        if word in words
        else 0.5
        if len(word) > 2 and any(other.startswith(word) for other in words)
        else 0.0
        for word in wanted
    )
    return found / len(wanted)


def score(likeness, same_product, used, helpful, unhelpful):
    """Return the order of a suggestion: mostly likeness, then product and success.

    The share of helpful votes is drawn to one half while there are few (Laplace's
    rule of succession), use counts up to twenty times.
    """
    success = (helpful + 1) / (helpful + unhelpful + 2)
    return (
        likeness
        + (0.2 if same_product else 0.0)
        + 0.2 * (success - 0.5)
        + 0.1 * min(used, 20) / 20
    )
