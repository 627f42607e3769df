"""Status of a data set: whether its files suffice for a run, year by year."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from fluxprod.core.errors import DataError

Check = Callable[[range], object]  # raises a DataError unless all given years are present


@dataclass
class SourceStatus:
    """How much of a data set of the list a folder holds.

    Parameters
    ----------
    key, folder : str
        Name and subfolder, as in the list.
    status : str
        ``present``; ``missing``: no file of it; ``incomplete``: years or variables are missing;
        ``faulty``: the files are present, but a run would stop at one of them; ``not needed``.
    required : bool
        Whether a run stops without it.
    files : int
        Number of readable files.
    first_year, last_year : int, optional
        Years that are wanted; None where years do not matter.
    years, missing_years : list of int
        Wanted years that are complete, and those that are not.
    missing_variables : list of str
        Variables without a single complete year.
    missing : dict of str to list of int
        Wanted years that are not complete, by variable; without those that lack nothing.
    problems : list of str
        What would stop a run, one line each.
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
    missing: dict[str, list[int]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @property
    def ready(self) -> bool:
        """Whether this data set lets a run start."""
        return self.status in {"present", "not needed"}

    def compare(self, checks: Mapping[str, Check], years: range) -> None:
        """Find out which years and variables are present.

        Parameters
        ----------
        checks : mapping of str to callable
            Checks by variable.
        years : range
            Years that are wanted.
        """
        self.set_years(
            {name: self._years_of(check, years) for name, check in checks.items()}, years
        )
        if self.problems:
            self.status = self._kind_of_fault()

    def set_years(self, present: Mapping[str, Sequence[int]], years: range) -> None:
        """Record which of the wanted years are complete, given those of each variable."""
        self.first_year, self.last_year = years[0], years[-1]
        self.missing_variables = [name for name, found in present.items() if not found]
        lacking = {
            name: [year for year in years if year not in found] for name, found in present.items()
        }
        self.missing = {name: found for name, found in lacking.items() if found}
        self.years = [year for year in years if all(year in found for found in present.values())]
        self.missing_years = [year for year in years if year not in self.years]

    def _years_of(self, check: Check, years: range) -> list[int]:
        """Years that are present; the fault of all years together becomes a problem."""
        fault = _fault(check, years)
        if fault is None:
            return list(years)
        if fault not in self.problems:
            self.problems.append(fault)
        return [year for year in years if _fault(check, range(year, year + 1)) is None]

    def _kind_of_fault(self) -> str:
        if self.files == 0:
            return "missing"
        return "incomplete" if self.missing_years or self.missing_variables else "faulty"

    def add_fault(self, problem: str) -> None:
        """Add a problem that would stop a run although all years are present."""
        self.problems.append(problem)
        if self.status == "present":
            self.status = "faulty"


def _fault(check: Check, years: range) -> str | None:
    try:
        check(years)
    except DataError as error:
        return str(error)
    except Exception as error:  # libraries raise anything on a broken file
        reason = str(error).strip().splitlines() or [type(error).__name__]
        return f"unreadable ({reason[0]})"
    return None
