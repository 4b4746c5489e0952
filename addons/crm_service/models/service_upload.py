"""What is said when a customer hands in files in the portal that cannot be taken."""

from odoo.exceptions import UserError

from ..tools import uploads

LIMITS = uploads.Limits()


def refuse_uploads(env, files, any_type=False):
    """Refuse ``files``, [(name, content)], in words if one of them is not right.

    :param any_type: take every type: logs and tables help as much as pictures
    :raise UserError: with a line for each problem
    """
    problems = [
        problem
        for problem in uploads.find_problems(files, LIMITS)
        if problem.code != "type" or not any_type
    ]
    if problems:
        raise UserError("\n".join(_explain(env, problem) for problem in problems))


def _explain(env, problem):
    return {
        "number": lambda: env._(
            "Please send %(number)s files at most.", number=LIMITS.number
        ),
        "total": lambda: env._(
            "The files are too large together: %(size)s MB at most.",
            size=LIMITS.total // uploads.MEGABYTE,
        ),
        "size": lambda: env._(
            "%(file)s is too large: %(size)s MB at most.",
            file=problem.name,
            size=LIMITS.size // uploads.MEGABYTE,
        ),
        "empty": lambda: env._("%(file)s is empty.", file=problem.name),
        "type": lambda: env._(
            "%(file)s is neither a picture (JPEG, PNG, GIF, WebP, HEIC) nor a PDF.",
            file=problem.name,
        ),
    }[problem.code]()
