import math
from collections import defaultdict

import numpy as np
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.modis.layers import FPAR
from fluxprod.readers.modis.pixels import Pixels
from fluxprod.readers.modis.tiles import read_tiles
from tests.readers.modis.native_tile import METRES, write_tile

SHAPE = (3600, 7200)
RADIUS = 6371007.181
BAD, GOOD = 1, 0


def empty():
    return np.full((2400, 2400), 255, np.uint8), np.full((2400, 2400), BAD, np.uint8)


def cells(*row_column):
    return Pixels(np.array([row * 7200 + column for row, column in row_column]), SHAPE)


def test_a_cell_at_the_equator_by_hand(tmp_path):
    # h18v08 lies north of the equator and east of Greenwich; 12 x 12 pixels make a cell
    raw, flags = empty()
    flags[2399, :13] = GOOD
    raw[2399, :6], raw[2399, 6:12], raw[2399, 12] = 40, 60, 80
    flags[2399, 5], raw[2398, 0] = BAD, 10  # flagged out
    flags[2397, 0], raw[2397, 0] = GOOD, 250  # a code for a missing value
    path = write_tile(tmp_path, "h18v08", raw, flags)
    got = read_tiles([path], FPAR, cells((1800, 3600), (1800, 3601), (1801, 3600)))
    # (5 x 0.4 + 6 x 0.6) / 11
    np.testing.assert_allclose(got, [5.6 / 11, 0.8, np.nan], atol=1e-7)


def test_pixels_widen_to_the_north(tmp_path):
    # at 60 N a pixel spans 1/120 degree of longitude, so that 6 fit into 0.05 degree
    raw, flags = empty()
    flags[2399, 5:7], raw[2399, 5], raw[2399, 6] = GOOD, 20, 30
    path = write_tile(tmp_path, "h18v02", raw, flags)
    got = read_tiles([path], FPAR, cells((3000, 3600), (3000, 3601)))
    np.testing.assert_allclose(got, [0.2, 0.3], atol=1e-7)


def test_random_pixels_of_two_tiles_against_the_projection_in_metres(tmp_path):
    rng = np.random.default_rng(1)
    found, paths = defaultdict(list), []
    for tile in ("h10v04", "h11v04"):
        raw, flags = empty()
        for row, column in rng.integers(0, 2400, (400, 2)):
            raw[row, column], flags[row, column] = rng.integers(0, 101), GOOD
        for row, column in zip(*np.nonzero(flags == GOOD)):
            x = (int(tile[1:3]) - 18 + (column + 0.5) / 2400) * METRES
            y = (9 - int(tile[4:6]) - (row + 0.5) / 2400) * METRES
            lat = y / RADIUS
            lon = x / (RADIUS * math.cos(lat))
            key = int((math.degrees(lat) + 90) * 20), int((math.degrees(lon) + 180) * 20)
            found[key].append(raw[row, column] / 100)
        paths.append(write_tile(tmp_path, tile, raw, flags))
    keys = sorted(found)
    got = read_tiles(paths, FPAR, cells(*keys))
    np.testing.assert_allclose(got, [np.mean(found[key]) for key in keys], atol=1e-6)


def test_beyond_the_edge_of_the_earth(tmp_path):
    # h00v08: its row at the equator begins at 180 W, its northern rows beyond it
    raw, flags = np.full((2400, 2400), 50, np.uint8), np.zeros((2400, 2400), np.uint8)
    path = write_tile(tmp_path, "h00v08", raw, flags)
    got = read_tiles([path], FPAR, cells((1800, 0), (1999, 0), (1999, 7199)))
    np.testing.assert_allclose(got, [0.5, 0.5, np.nan], atol=1e-7)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (
            {"stated": "h19v08"},
            r"UpperLeftPointMtrs: found \(1111951, 1111951\) m, expected \(0, 1",
        ),
        ({"fill": 0}, "Fpar_500m: found _FillValue 0, expected 255"),
        ({"size": 1200}, r"shape \(1200, 1200\), expected \(2400, 2400\)"),
        ({"tile": "h40v08"}, "expected h00v00 to h35v17"),
    ],
)
def test_faults_are_named(tmp_path, changes, message):
    size = changes.pop("size", 2400)
    raw = np.zeros((size, size), np.uint8)
    path = write_tile(tmp_path, changes.pop("tile", "h18v08"), raw, raw, **changes)
    with pytest.raises(DataError, match=message):
        read_tiles([path], FPAR, cells((1800, 3600)))
