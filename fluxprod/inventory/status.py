"""Whether the files of a data set are enough for a run, year by year."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from fluxprod.core.errors import DataError

Check = Callable[[range], object]  # raises a DataError unless all of some years are there


@dataclass
class SourceStatus:
    """A data set of the list and what a folder holds of it.

    Parameters
    ----------
    key, folder : str
        As in the list.
    status : str
        ``present``; ``missing``: nothing of it; ``incomplete``: years or variables lack;
        ``faulty``: the files are there, but a run would stop at one; ``not needed``.
    required : bool
        Whether a run stops without it.
    files : int
        Readable files of it.
    first_year, last_year : int, optional
        Wanted; none where years do not matter.
    years, missing_years : list of int
        Wanted years of which all, or not all, is there.
    missing_variables : list of str
        Of which no wanted year is there.
    problems : list of str
        What stops a run, each in one line.
    """

    key: str
    folder: str
    status: str = "present"
    required: bool = True
    files: int = 0
    first_year: int | None = None
    last_year: int | None = None
    years: list[int] = field(default_factory=list)
    missing_years: list[int] = field(default_factory=list)
    missing_variables: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def ready(self) -> bool:
        """Whether a run could start as far as this data set goes."""
        return self.status in {"present", "not needed"}

    def compare(self, checks: Mapping[str, Check], years: range) -> None:
        """Find out which years and variables are there.

        Parameters
        ----------
        checks : mapping of str to callable
            By variable.
        years : range
            Wanted.
        """
        self.first_year, self.last_year = years[0], years[-1]
        there = {name: self._years_of(check, years) for name, check in checks.items()}
        self.missing_variables = [name for name, found in there.items() if not found]
        self.years = [year for year in years if all(year in found for found in there.values())]
        self.missing_years = [year for year in years if year not in self.years]
        if self.problems:
            self.status = self._kind_of_fault(there)

    def _years_of(self, check: Check, years: range) -> list[int]:
        """Years that are there; the first fault becomes a problem."""
        fault = _fault(check, years)
        if fault is None:
            return list(years)
        if fault not in self.problems:
            self.problems.append(fault)
        return [year for year in years if _fault(check, range(year, year + 1)) is None]

    def _kind_of_fault(self, there: Mapping[str, list[int]]) -> str:
        if self.files == 0:
            return "missing"
        return "incomplete" if self.missing_years or self.missing_variables else "faulty"

    def add_fault(self, problem: str) -> None:
        """Note what stops a run although all years are there."""
        self.problems.append(problem)
        if self.status == "present":
            self.status = "faulty"


def _fault(check: Check, years: range) -> str | None:
    try:
        check(years)
    except DataError as error:
        return str(error)
    except Exception as error:  # whatever a library makes of a broken file, the others go on
        reason = str(error).strip().splitlines() or [type(error).__name__]
        return f"unreadable ({reason[0]})"
    return None
