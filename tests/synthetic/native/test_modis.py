import numpy as np
import pandas as pd
import pytest
from pyhdf.SD import SD, SDC

from fluxprod.synthetic.native.modis import (
    write_mcd12c1,
    write_mcd15a2h,
    write_mcd43c4,
    write_mod11c2,
    write_mod13c1,
)

DATE = pd.Timestamp("2003-03-06")  # day 65
SHAPE = (4, 8)
BITS = np.arange(32).reshape(SHAPE)


def layers(path):
    """Raw values and attributes by name, and the HDF-EOS description of the grid."""
    file = SD(str(path), SDC.READ)
    found = {}
    for name in file.datasets():
        dataset = file.select(name)
        found[name] = (dataset.get(), dataset.attributes())
        dataset.endaccess()
    structure = file.attributes()["StructMetadata.0"]
    file.end()
    return found, structure


def with_hole(value):
    """Field with the value everywhere except in the north-west corner, which is NaN."""
    field = np.full(SHAPE, value)
    field[0, 0] = np.nan
    return field


def test_vegetation_indices_have_the_scale_that_divides(tmp_path):
    ranks = BITS % 4
    path = write_mod13c1(tmp_path, DATE, with_hole(0.75), with_hole(-0.1), BITS, ranks)
    assert path.name == "MOD13C1.A2003065.061.hdf"
    found, structure = layers(path)
    raw, attributes = found["CMG 0.05 Deg 16 days NDVI"]
    assert raw.dtype == np.int16
    assert (raw[0, 0], raw[3, 7]) == (-3000, 7500)
    assert attributes["scale_factor"] == 10000.0
    assert attributes["_FillValue"] == -3000
    assert attributes["valid_range"] == [-2000, 10000]
    assert found["CMG 0.05 Deg 16 days EVI"][0][3, 7] == -1000
    np.testing.assert_array_equal(found["CMG 0.05 Deg 16 days VI Quality"][0], BITS)
    np.testing.assert_array_equal(found["CMG 0.05 Deg 16 days pixel reliability"][0], ranks)
    assert 'GridName="MODIS_Grid_16Day_VI_CMG"' in structure
    assert "XDim=8" in structure
    assert "YDim=4" in structure
    assert "UpperLeftPointMtrs=(-180000000.000000,90000000.000000)" in structure


def test_surface_temperature_has_zero_as_fill(tmp_path):
    path = write_mod11c2(tmp_path, DATE, with_hole(300.0), with_hole(280.0), BITS, BITS)
    found, _ = layers(path)
    assert path.name == "MOD11C2.A2003065.061.hdf"
    assert list(found) == ["LST_Day_CMG", "QC_Day", "LST_Night_CMG", "QC_Night"]
    raw, attributes = found["LST_Day_CMG"]
    assert raw.dtype == np.uint16
    assert (raw[0, 0], raw[3, 7]) == (0, 15000)
    assert (attributes["scale_factor"], attributes["units"]) == (0.02, "K")
    assert found["LST_Night_CMG"][0][3, 7] == 14000
    assert found["QC_Night"][0].dtype == np.uint8


def test_reflectances(tmp_path):
    path = write_mcd43c4(tmp_path, DATE, with_hole(0.3), with_hole(0.05), with_hole(0.2), BITS % 6)
    found, _ = layers(path)
    assert path.name == "MCD43C4.A2003065.061.hdf"
    for band, raw_value in ((2, 3000), (4, 500), (5, 2000)):
        raw, attributes = found[f"Nadir_Reflectance_Band{band}"]
        assert (raw[0, 0], raw[3, 7]) == (32767, raw_value)
        assert attributes["scale_factor"] == 1e-4
    assert found["BRDF_Quality"][0].dtype == np.uint8


def test_fpar_comes_from_terra_alone_before_july_2002(tmp_path):
    before = write_mcd15a2h(tmp_path, pd.Timestamp("2002-06-26"), with_hole(0.5), BITS)
    after = write_mcd15a2h(tmp_path, pd.Timestamp("2002-07-04"), with_hole(0.5), BITS)
    assert before.name == "MOD15A2H.A2002177.061.hdf"
    assert after.name == "MCD15A2H.A2002185.061.hdf"
    raw, attributes = layers(after)[0]["Fpar_500m"]
    assert (raw[0, 0], raw[3, 7]) == (255, 50)
    assert (attributes["scale_factor"], attributes["_FillValue"]) == (0.01, 255)


def test_land_cover(tmp_path):
    path = write_mcd12c1(tmp_path, 2001, BITS % 17)
    assert path.name == "MCD12C1.A2001001.061.hdf"
    raw, attributes = layers(path)[0]["Majority_Land_Cover_Type_1"]
    np.testing.assert_array_equal(raw, BITS % 17)
    assert "scale_factor" not in attributes


def test_value_outside_the_valid_range(tmp_path):
    good, cold = np.full(SHAPE, 300.0), np.full(SHAPE, 100.0)
    with pytest.raises(ValueError, match="LST_Night_CMG: raw values 5000 to 5000, valid 7500"):
        write_mod11c2(tmp_path, DATE, good, cold, BITS, BITS)


def test_writing_again_replaces_the_file(tmp_path):
    size = {write_mcd12c1(tmp_path, 2001, BITS % 17).stat().st_size for _ in range(3)}
    assert len(size) == 1
