"""``make lint``: the hooks of .pre-commit-config.yaml on all files, no network."""

import os
import subprocess

from . import bootstrap, paths
from .console import Failure


def main(arguments):
    bootstrap.ensure(development=True)
    if not (paths.ROOT / ".git").exists():
        raise Failure("make lint needs the git checkout: it looks at tracked files")
    path = f"{paths.VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"
    command = [paths.VENV / "bin" / "pre-commit", "run", "--all-files", *arguments]
    return subprocess.call(
        command,
        cwd=paths.ROOT,
        env=os.environ | {"PATH": path, "PRE_COMMIT_COLOR": "never"},
    )
