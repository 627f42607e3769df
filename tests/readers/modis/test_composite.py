import numpy as np
import pandas as pd

from fluxprod.readers.modis.composite import read_composite
from fluxprod.readers.modis.composites import Source
from fluxprod.readers.modis.pixels import Pixels
from fluxprod.synthetic.native import modis as native_modis

PIXELS = Pixels(np.array([0, 7]), (2, 4))  # the south-west and the north-east corner


def day(folder, number, corner):
    """A day of MOD11C1, which has the layers of MOD11C2."""
    date = pd.Timestamp(2001, 1, number)
    lst = np.full((2, 4), 290.0)
    lst[1, 0] = corner
    flags = np.zeros((2, 4))
    path = native_modis.write_mod11c2(folder, date, lst, lst - 10, flags, flags)
    path = path.rename(path.with_name(path.name.replace("MOD11C2", "MOD11C1")))
    return Source(date, "MOD11C1", path)


def test_days_are_averaged_where_they_have_a_value(tmp_path):
    sources = tuple(day(tmp_path, n, corner) for n, corner in enumerate((300, np.nan, 306), 1))
    got = read_composite(sources, PIXELS)
    np.testing.assert_allclose(got["LST_DAY"], [303.0, 290.0], atol=1e-4)
    np.testing.assert_allclose(got["LST_NIGHT"], [293.0, 280.0], atol=1e-4)


def test_a_pixel_without_any_day(tmp_path):
    got = read_composite((day(tmp_path, 1, np.nan), day(tmp_path, 2, np.nan)), PIXELS)
    np.testing.assert_allclose(got["LST_DAY"], [np.nan, 290.0], atol=1e-4)


def test_reflectances_become_gao_index_and_green(tmp_path):
    date, field = pd.Timestamp("2001-01-09"), np.full((2, 4), 0.3)
    path = native_modis.write_mcd43c4(tmp_path, date, field, field / 2, field / 3, field * 0)
    got = read_composite((Source(date, "MCD43C4", path),), PIXELS)
    np.testing.assert_allclose(got["NDWI"], [0.5, 0.5], atol=1e-6)  # (0.3 - 0.1) / 0.4
    np.testing.assert_allclose(got["BAND4"], [0.15, 0.15], atol=1e-6)
    assert set(got) == {"NDWI", "BAND4"}
