"""Sentences for the codes of the import kernels: the kernels do not translate."""

from odoo.tools import LazyTranslate

_lt = LazyTranslate(__name__)

PROBLEMS = {
    "profile_yaml": _lt("The profile is not valid YAML, line %(line)s: %(problem)s."),
    "profile_mapping": _lt(
        'In the profile, "%(where)s" must be a list of "key: value".'
    ),
    "profile_unknown_key": _lt('The profile has unknown keys in "%(where)s": %(key)s.'),
    "profile_name": _lt(
        'The profile needs a "name" of small letters, digits and "_" (at most 40); '
        'it says "%(name)s".'
    ),
    "profile_missing": _lt('The profile lacks "%(key)s".'),
    "profile_value": _lt('The profile has an unusable value for "%(key)s": %(value)s.'),
    "file_missing": _lt("The file %(file)s is missing. Add it and check again."),
    "file_empty": _lt("The file %(file)s is empty."),
    "file_encoding": _lt(
        "The file %(file)s is not written in %(encoding)s (line %(line)s). "
        "Name its encoding in the profile, or save it again."
    ),
    "file_columns": _lt(
        "The file %(file)s has no column %(missing)s. Found: %(found)s. "
        "Check the columns and the delimiter in the profile."
    ),
    "file_csv": _lt("The file %(file)s cannot be read, line %(line)s: %(problem)s."),
    "file_zip": _lt("The file %(file)s is not a readable zip file."),
    "file_large": _lt("The files are larger than %(size)s MB."),
}

REASONS = {
    "missing": _lt("A mandatory value is missing"),
    "ragged": _lt("The row has more or fewer values than the header"),
    "duplicate": _lt("The same key stands in an earlier row"),
    "amount": _lt("Not an amount"),
    "negative": _lt("A negative amount"),
    "date": _lt("Not a date of the profile's format"),
    "future": _lt("The date is in the future"),
    "close_before_open": _lt("Closed before it was opened"),
    "stage": _lt("The profile does not know this stage"),
    "unknown_agent": _lt("Unknown sales agent"),
    "unknown_product": _lt("Unknown product"),
    "unknown_account": _lt("Unknown account"),
    "won_without_account": _lt("A won deal without an account cannot become an order"),
    "no_account": _lt("No account: imported as a deal without customer"),
    "unknown_parent": _lt("Unknown parent account: left empty"),
    "own_parent": _lt("The account is its own parent: left empty"),
    "unknown_industry": _lt("Not a known industry: kept as written"),
    "unknown_country": _lt("Not a known country: left empty"),
    "no_user": _lt("No user of this name: deals stay without salesperson"),
    "alias": _lt("Corrected by the profile's alias"),
    "load": _lt("Refused when written"),
}


def problem_sentence(env, problem):
    """Return the sentence of an ImportProblem in the user's language."""
    sentence = env._(PROBLEMS[problem.code])
    return sentence % problem.params


def reason_sentence(env, code):
    return env._(REASONS[code])
