import numpy as np
import pandas as pd
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.fluxnet import read_fluxnet_daily
from fluxprod.readers.towers.reanalysis import read_reanalysis

NAME = "FLX_XX-Aaa_FLUXNET2015_FULLSET_DD_2004-2004_1-4.csv"


def table(folder, name=NAME, **columns):
    days = pd.date_range("2004-01-01", periods=4)
    rows = pd.DataFrame({"TIMESTAMP": days.strftime("%Y%m%d")} | columns)
    rows.to_csv(folder / name, index=False)
    return folder / name


def test_values_and_gaps(tmp_path):
    path = table(tmp_path, TA_ERA=[1.5, -9999, 3, 4], SW_IN_ERA=[10, 20, 30, 40], TA_F=[9, 9, 9, 9])
    found = read_reanalysis(path)
    assert set(found) == {"TA", "SW_IN"}
    np.testing.assert_array_equal(found.TA, [1.5, np.nan, 3.0, 4.0])
    np.testing.assert_array_equal(found.SW_IN, [10.0, 20.0, 30.0, 40.0])
    assert found.time.values[3] == np.datetime64("2004-01-04")


def test_a_table_without_reanalysis_gives_no_variable(tmp_path):
    assert not set(read_reanalysis(table(tmp_path, TA_F=[1, 2, 3, 4])))


def test_kelvin_is_refused(tmp_path):
    path = table(tmp_path, TA_ERA=[281.0, 282.0, 283.0, 284.0])
    with pytest.raises(DataError, match="TA"):
        read_reanalysis(path)


def test_real_reanalysis_is_close_to_the_tower(realdata):
    """Vuichard and Papale (2015) corrected it with the tower's own record."""
    near = []
    for path in sorted((realdata / "fluxnet_daily").glob("*FULLSET_DD*"))[:8]:
        tower, modelled = read_fluxnet_daily(path), read_reanalysis(path)
        assert set(modelled) == {"TA", "SW_IN", "P", "VPD"}
        assert (modelled.time == tower.time).all()
        valid = np.isfinite(tower.TA.values) & np.isfinite(modelled.TA.values)
        near.append(np.corrcoef(tower.TA.values[valid], modelled.TA.values[valid])[0, 1])
    # where the season is small, in the tropics, little of the variance is left to agree on
    assert np.median(near) > 0.95, near
    assert min(near) > 0.6, near
