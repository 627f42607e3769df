import numpy as np
import xarray as xr

from fluxprod.verify.values.flux_values import Presence, Range, Sums, land_weight, region_weight

NAN = np.nan
BLOCKS = [  # time x lat x lon, on the map  [land land / sea land]
    ({"time": slice(0, 2), "lat": slice(0, 1)}, np.array([[[1.0, 2.0]], [[3.0, 4.0]]])),
    ({"time": slice(0, 2), "lat": slice(1, 2)}, np.array([[[NAN, 8.0]], [[NAN, 16.0]]])),
]
LAND = np.array([[True, True], [False, True]])


def with_blocks(check, blocks=BLOCKS):
    for block, values in blocks:
        check.add(block, values)
    return check


def test_values_on_all_land_and_nowhere_else():
    assert with_blocks(Presence(LAND)).faults() == []
    other = np.array([[True, False], [True, True]])
    assert with_blocks(Presence(other)).faults() == [
        "1 cells with land_fraction > 0 have no values",
        "2 values present where land_fraction is 0",
    ]


def test_as_many_cells_may_lack_values_as_the_file_states():
    full = np.ones((2, 2), bool)
    blocks = [(BLOCKS[0][0], np.array([[[1.0, NAN]], [[NAN, 1.0]]]))]
    assert with_blocks(Presence(full, 2), blocks).faults() == []
    assert with_blocks(Presence(full, 1), blocks).faults() == [
        "2 cells with land_fraction > 0 have no values; the file states 1"
    ]


def test_infinite_is_missing():
    blocks = [(BLOCKS[0][0], np.array([[[np.inf, 1.0]]]))]
    assert with_blocks(Presence(LAND), blocks).faults() == [
        "1 cells with land_fraction > 0 have no values"
    ]


def test_range_of_nee_and_of_a_spread():
    def found(name, *values):
        return with_blocks(Range(name), [(BLOCKS[0][0], np.array(values))]).faults()

    assert found("nee", -60.0, NAN, 60.0) == []
    assert found("nee", -60.5, 1.0) == ["range -60.5 to 1, expected -60 to 60 g m-2 d-1"]
    assert found("nee_ec", 0.0, 9.96921e36) == [
        "range 0 to 9.96921e+36, expected -60 to 60 g m-2 d-1"
    ]
    assert found("nee_spread", 0.0, 1.0) == []
    assert found("nee_spread", -0.5, 1.0) == ["range -0.5 to 1, expected 0 to 60 g m-2 d-1"]


def test_sums_by_hand():
    weight = np.array([[[1.0, 0.0], [0.0, 10.0]], [[1.0, 1.0], [0.0, 1.0]]])
    total = with_blocks(Sums(weight)).total()
    # first: 1 + 80, 3 + 160; second: 1 + 2 + 8, 3 + 4 + 16
    assert total.tolist() == [[81.0, 11.0], [163.0, 23.0]]


def test_sums_of_members():
    blocks = [(block, np.stack([values, 2 * values], axis=1)) for block, values in BLOCKS]
    total = with_blocks(Sums(LAND[None].astype(float)), blocks).total()
    assert total.tolist() == [[[11.0], [22.0]], [[23.0], [46.0]]]


def test_weights_are_land_by_region_none_and_globe():
    maps = {
        "cell_area": [[100.0, 200.0], [300.0, 400.0]],
        "land_fraction": [[1.0, 0.5], [0.0, 0.25]],
        "region": [[0, 17], [-1, -1]],
    }
    dataset = xr.Dataset({name: (("lat", "lon"), values) for name, values in maps.items()})
    assert land_weight(dataset).tolist() == [[[100, 100], [0, 100]]]
    weight = region_weight(dataset)
    assert weight.shape == (20, 2, 2)
    assert weight[0].tolist() == [[100, 0], [0, 0]]
    assert weight[17].tolist() == [[0, 100], [0, 0]]
    assert weight[18].tolist() == [[0, 0], [0, 100]]
    assert weight[19].tolist() == [[100, 100], [0, 100]]
    assert weight[1:17].sum() == 0
