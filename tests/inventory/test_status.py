import pytest

from fluxprod.core.errors import DataError
from fluxprod.inventory.status import SourceStatus

YEARS = range(2001, 2005)


def needs(*there):
    """A check that passes for some years."""

    def check(years):
        missing = [year for year in years if year not in there]
        if missing:
            raise DataError("era5", "TA", f"{missing} missing", "all")

    return check


def compared(files=1, **checks):
    status = SourceStatus("era5", "era5", files=files)
    status.compare(checks, YEARS)
    return status


def test_all_is_there():
    status = compared(TA=needs(*YEARS), P=needs(*YEARS))
    assert (status.status, status.ready) == ("present", True)
    assert status.years == list(YEARS)
    assert (status.missing_years, status.missing_variables, status.problems) == ([], [], [])


def test_years_and_variables_that_lack_are_named():
    status = compared(TA=needs(2001, 2002, 2004), P=needs())
    assert (status.status, status.ready) == ("incomplete", False)
    assert status.missing_variables == ["P"]
    assert status.missing_years == [2001, 2002, 2003, 2004]
    status = compared(TA=needs(2001, 2002, 2004), P=needs(*YEARS))
    assert (status.years, status.missing_years) == ([2001, 2002, 2004], [2003])
    assert status.problems == ["era5: TA: found [2003] missing, expected all"]


def test_nothing_is_there():
    assert compared(files=0, TA=needs()).status == "missing"


def test_each_year_is_there_but_not_together():
    def check(years):
        if len(years) > 1:
            raise DataError("era5", "TA", "two grids", "one")

    status = compared(TA=check)
    assert (status.status, status.missing_years) == ("faulty", [])


@pytest.mark.parametrize("name", ["present", "not needed"])
def test_a_fault_in_what_is_there(name):
    status = SourceStatus("era5", "era5", status=name)
    assert status.ready
    status.add_fault("a.nc is cut")
    assert not status.ready or name == "not needed"
    assert status.problems == ["a.nc is cut"]
