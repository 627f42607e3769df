"""The vapour pressure deficit of towers is optional, in hPa, and NaN where it is missing."""

import numpy as np
import pandas as pd
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.fluxnet import read_fluxnet_daily
from fluxprod.readers.towers.lathuile import read_lathuile_daily
from fluxprod.synthetic.native.fluxnet import write_fluxnet_daily
from fluxprod.synthetic.native.lathuile import write_lathuile_year
from tests.readers.towers.test_lathuile import SITE, year_of

DAYS = pd.date_range("2004-01-01", "2004-12-31")
# saturation at 20 degC is 23.37 hPa (WMO No. 49, 1988)
SATURATED = 23.37


def newer(folder, **columns):
    """A year at 20 degC."""
    table = {
        "TA_F": 20.0, "TA_F_QC": 1.0, "SW_IN_POT": 440.0, "SW_IN_F": 90.0, "SW_IN_F_QC": 1.0,
        "P_F": 1.0, "NEE_VUT_REF": -1.0, "NEE_VUT_REF_QC": 1.0,
    }  # fmt: skip
    table = pd.DataFrame(table | columns, index=DAYS)
    return read_fluxnet_daily(write_fluxnet_daily(folder, "AA-Bbb", table))


def older(folder, **columns):
    write_lathuile_year(folder, SITE, 2004, year_of(2004, Ta_f=20.0, **columns))
    return read_lathuile_daily(folder, SITE)


FORMS = pytest.mark.parametrize(
    ("read", "column", "quality"),
    [(newer, "VPD_F", "VPD_F_QC"), (older, "VPD_f", "VPD_fqcOK")],
)


@FORMS
def test_values_and_their_quality(tmp_path, read, column, quality):
    days = np.where(np.arange(366) < 3, np.nan, 7.5)
    tower = read(tmp_path, **{column: days, quality: 0.25})
    np.testing.assert_array_equal(tower.VPD, days)
    assert tower.VPD.attrs["units"] == "hPa"
    assert set(tower.VPD_QC.values) == {0.25}


@FORMS
def test_no_record_is_needed(tmp_path, read, column, quality):
    assert "VPD" not in read(tmp_path)


@FORMS
@pytest.mark.parametrize(("share", "looks"), [(0.06, "right"), (0.04, "kPa")])
def test_a_year_in_kilopascal_is_recognised(tmp_path, read, column, quality, share, looks):
    """Half saturation is 11.7 hPa, or 1.17 kPa: 5 % of 23.37."""
    values = {column: share * SATURATED}
    if looks == "right":
        assert read(tmp_path, **values).VPD.notnull().all()
        return
    message = (
        rf"{column}: found a mean of 4.0% of the saturation pressure, expected at least 5%; "
        "the unit looks like kPa instead of hPa"
    )
    with pytest.raises(DataError, match=message):
        read(tmp_path, **values)


@FORMS
def test_pascal_are_out_of_range(tmp_path, read, column, quality):
    with pytest.raises(DataError, match=rf"{column}: found 800, .*expected -5 to 160 hPa"):
        read(tmp_path, **{column: 800.0})


@pytest.mark.parametrize(("folder", "towers"), [("fluxnet", 18), ("fluxnet_daily", 50)])
def test_real_deficits_are_plausible(realdata, folder, towers):
    """At real towers the deficit is below saturation, and 15 to 77 % of it on average."""
    paths = sorted((realdata / folder).glob("*.csv*"))
    assert len(paths) == towers
    for path in paths:
        tower = read_fluxnet_daily(path)
        saturated = 6.112 * np.exp(17.67 * tower.TA / (tower.TA + 243.5))  # Bolton 1980, Eq. 10
        share = float((tower.VPD.mean() / saturated.mean()).item())
        assert 0.14 < share < 0.8, path.name
        assert 0.0 <= tower.VPD.min() <= tower.VPD.max() < 60.0, path.name
        assert ((tower.VPD_QC >= 0.0) & (tower.VPD_QC <= 1.0)).all(), path.name
