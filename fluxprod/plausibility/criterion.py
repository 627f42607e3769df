"""What an input must satisfy, and what was found in it."""

from typing import Literal, NamedTuple

Outcome = Literal["pass", "warn", "stop"]


class Criterion(NamedTuple):
    """A requirement on an input, with its limit.

    Parameters
    ----------
    name : str
        Source and property, such as ``towers.position``.
    expected : str
        Limit, as a phrase that completes "expected ...".
    source : str
        Origin of the limit: a publication, a data set, or the reasoning behind it.
    action : str
        What the user can do if it is not satisfied.
    """

    name: str
    expected: str
    source: str
    action: str

    def finding(
        self, subject: str, found: str, *, stop: bool = False, warn: bool = False
    ) -> "Finding":
        """Compare one subject with the limit.

        Parameters
        ----------
        subject : str
            What was examined: a site, a region, a member, a year or a variable.
        found : str
            What was found, with its unit, as a phrase that completes "found ...".
        stop : bool
            Whether the run must stop.
        warn : bool
            Whether the user must be told; a stop takes precedence.
        """
        return Finding(self, subject, found, "stop" if stop else "warn" if warn else "pass")


class Finding(NamedTuple):
    """Result of one criterion for one subject.

    Parameters
    ----------
    criterion : Criterion
        Requirement.
    subject : str
        What was examined.
    found : str
        What was found, with its unit.
    outcome : {"pass", "warn", "stop"}
        Result.
    """

    criterion: Criterion
    subject: str
    found: str
    outcome: Outcome

    @property
    def key(self) -> str:
        """``TEST:SUBJECT``, the name by which ``plausibility.accept`` overrules a stop."""
        return f"{self.criterion.name}:{self.subject}"
