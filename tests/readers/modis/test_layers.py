import numpy as np
import pandas as pd
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.modis.layers import LAYERS, good_fpar, ndwi_and_green, read_layers
from fluxprod.synthetic.native import modis as native_modis

DAY = pd.Timestamp("2001-01-17")
SHAPE = (2, 4)
NAN = np.nan


def north_first(*rows):
    return np.array(rows, float)


def test_indices_keep_good_and_marginal(tmp_path):
    ndvi = north_first([0.1, 0.2, 0.3, 0.4], [0.5, 0.6, NAN, 0.8])
    rank = north_first([0, 1, 2, 3], [0, 4, 0, NAN])
    path = native_modis.write_mod13c1(tmp_path, DAY, ndvi, ndvi / 2, np.zeros(SHAPE), rank)
    dataset = read_layers(path, LAYERS["MOD13C1"])
    expected = [[0.5, NAN, NAN, NAN], [0.1, 0.2, NAN, NAN]]
    np.testing.assert_allclose(dataset["NDVI"], expected, atol=1e-6)
    np.testing.assert_allclose(dataset["EVI"], np.array(expected) / 2, atol=1e-6)


def test_temperature_within_two_kelvin(tmp_path):
    lst = north_first([300.0, 301, 302, 303], [304, 305, 306, NAN])
    # 00 good; 01 with error flags 00, 01, 10, 11; 10 and 11 not produced
    flags = north_first(
        [0b00, 0b01, 0b01_00_00_01, 0b10_00_00_01], [0b11_00_00_01, 0b10, 0b11, 0b00]
    )
    path = native_modis.write_mod11c2(tmp_path, DAY, lst, lst - 20, flags, np.zeros(SHAPE))
    dataset = read_layers(path, LAYERS["MOD11C2"])
    np.testing.assert_allclose(
        dataset["LST_DAY"], [[NAN, NAN, NAN, NAN], [300, 301, 302, NAN]], atol=1e-4
    )
    np.testing.assert_allclose(
        dataset["LST_NIGHT"], [[284, 285, 286, NAN], [280, 281, 282, 283]], atol=1e-4
    )
    assert LAYERS["MOD11C2"]["LST_DAY"].layer.units == "K"


def test_fpar_of_the_main_algorithm(tmp_path):
    fpar = north_first([0.0, 0.25, 0.5, 1.0], [0.1, 0.2, 0.3, NAN])
    # backup algorithm; significant clouds; clouds assumed clear; dead detector; saturated main
    flags = north_first([0, 0b1, 0b01_000, 0b11_000], [0b100, 0b001_00_000, 0, 0])
    path = native_modis.write_mcd15a2h(tmp_path, DAY, fpar, flags)
    assert path.name.startswith("MOD15A2H.A2001017")
    fields = read_layers(path, LAYERS["MCD15A2H"])
    np.testing.assert_allclose(
        fields["FPAR"], [[NAN, 0.2, 0.3, NAN], [0.0, NAN, NAN, 1.0]], atol=1e-6
    )


def test_gao_index_and_green(tmp_path):
    band2, band5 = np.full(SHAPE, 0.3), np.full(SHAPE, 0.2)
    band2[0, 0] = band5[0, 0] = 0.0
    quality = north_first([0, 3, 4, NAN], [0, 1, 2, 3])
    path = native_modis.write_mcd43c4(tmp_path, DAY, band2, band2 / 4, band5, quality)
    fields = ndwi_and_green(read_layers(path, LAYERS["MCD43C4"]))
    np.testing.assert_allclose(
        fields["NDWI"], [[0.2, 0.2, 0.2, 0.2], [NAN, 0.2, NAN, NAN]], atol=1e-6
    )  # (0.3 - 0.2) / 0.5
    np.testing.assert_allclose(
        fields["BAND4"], [[0.075, 0.075, 0.075, 0.075], [0.0, 0.075, NAN, NAN]], atol=1e-6
    )


@pytest.mark.parametrize(("quality", "kept"), [(0, True), (0b100, False), (73, False)])
def test_fpar_flags(quality, kept):
    assert good_fpar(np.array([quality], np.uint8)).tolist() == [kept]


@pytest.mark.parametrize("flag", range(256))
def test_fpar_flags_bit_by_bit(flag):
    bits = format(flag, "08b")
    expected = bits[7] == "0" and bits[5] == "0" and bits[3:5] != "01"
    assert good_fpar(np.array([flag], np.uint8)).tolist() == [expected]


def test_monthly_names(tmp_path):
    path = native_modis.write_mod13c1(
        tmp_path,
        DAY,
        *(np.full(SHAPE, 0.5), np.full(SHAPE, 0.25), np.zeros(SHAPE), np.zeros(SHAPE)),
    )
    with pytest.raises(DataError, match="CMG 0.05 Deg Monthly pixel reliability: found"):
        read_layers(path, LAYERS["MOD13C2"])
    titles = [screened.layer.name for screened in LAYERS["MOD13C2"].values()]
    assert titles == ["CMG 0.05 Deg Monthly NDVI", "CMG 0.05 Deg Monthly EVI"]


def test_a_missing_layer(tmp_path):
    path = native_modis.write_mod11c2(
        tmp_path, DAY, *[np.full(SHAPE, 300.0)] * 2, *[np.zeros(SHAPE)] * 2
    )
    with pytest.raises(DataError, match=f"{path}: FparLai_QC: found .*LST_Day_CMG"):
        read_layers(path, LAYERS["MCD15A2H"])
