import shutil

import netCDF4
import pytest

from fluxprod.verify.files.cf_compliance import cf_findings


@pytest.fixture
def path(published, tmp_path):
    (source,) = published.glob("*_monthly_*.nc")
    return shutil.copy(source, tmp_path / "nee.nc")


def test_nothing_to_say(path, capfd):
    assert cf_findings(path) == []
    assert capfd.readouterr() == ("", "")


def test_units_that_are_none(path):
    with netCDF4.Dataset(path, "a") as file:
        file["nee"].units = "gC m-2 d-1"
    (finding,) = cf_findings(path)
    assert finding.startswith("CF §3.1 Units: ")
    assert "gC m-2 d-1" in finding


def test_all_findings_of_a_section_are_one_line(path):
    with netCDF4.Dataset(path, "a") as file:
        for name in ("nee", "nee_ec", "nee_spread"):
            file[name].cell_measures = "area: nothing"
    (finding,) = cf_findings(path)
    assert finding.startswith("CF §7.2 Cell Measures: ")
    assert finding.endswith(" and 2 more")
