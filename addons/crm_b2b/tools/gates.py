"""Stage gates: what a deal must fulfil before it may leave a stage.

A stage has requirements to leave it. Going forward from one stage to another passes
every stage from the old one up to, but without, the new one: jumping over a stage does
not jump over its requirements. Going backwards passes nothing.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple


class Requirement(NamedTuple):
    """One thing to fulfil before leaving ``stage``."""

    stage: Any  # opaque key
    label: str
    done: bool
    mandatory: bool = True


class Progress(NamedTuple):
    done: int
    total: int
    missing: tuple[str, ...]  # labels of mandatory requirements not fulfilled

    @property
    def is_open(self) -> bool:
        """Whether the gate lets the deal pass."""
        return not self.missing


def passed_stages(stages: Sequence, origin, target) -> tuple:
    """Return the stages whose gate is passed on the way from origin to target.

    ``stages``: keys of the process in its order. ``origin`` None (or a stage of another
    process) stands before the first: a deal created far along passes all gates before.
    A target outside the process passes nothing.
    """
    if target not in stages:
        return ()
    start = stages.index(origin) if origin in stages else 0
    return tuple(stages[start : stages.index(target)])


def progress(requirements: Iterable[Requirement]) -> Progress:
    """Sum up requirements; optional ones count, but are never "missing"."""
    rows = list(requirements)
    return Progress(
        done=sum(row.done for row in rows),
        total=len(rows),
        missing=tuple(row.label for row in rows if row.mandatory and not row.done),
    )
