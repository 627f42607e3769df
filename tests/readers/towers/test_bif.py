import numpy as np
import pandas as pd
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.bif import read_site_metadata

ROWS = [
    ["SITE_ID", "GROUP_ID", "VARIABLE_GROUP", "VARIABLE", "DATAVALUE"],
    ["NA-Xyz", "7", "GRP_LOCATION", "LOCATION_LONG", "20.5"],
    ["NA-Xyz", "7", "GRP_LOCATION", "LOCATION_LAT", "-10.25"],
    ["NA-Xyz", "3", "GRP_IGBP", "IGBP", "SAV"],
    ["AA-Bcd", "9", "GRP_LOCATION", "LOCATION_LAT", "45"],
    ["AA-Bcd", "9", "GRP_LOCATION", "LOCATION_COMMENT", "moved"],
    ["AA-Bcd", "8", "GRP_LOCATION", "LOCATION_LAT", "45.001"],
    ["AA-Bcd", "8", "GRP_LOCATION", "LOCATION_LONG", "7.001"],
]


def write(path, rows, separator):
    path.write_text("\n".join(separator.join(row) for row in rows) + "\n")
    return path


@pytest.mark.parametrize("separator", [",", ";"])
def test_latitude_and_longitude_come_from_one_group(tmp_path, separator):
    sites = read_site_metadata(write(tmp_path / "bif.csv", ROWS, separator))
    # group 9 has no longitude, so both are taken from group 8
    assert sites.to_numpy().tolist() == [
        ["AA-Bcd", 45.001, 7.001, ""],
        ["NA-Xyz", -10.25, 20.5, "SAV"],
    ]
    assert list(sites.columns) == ["site", "lat", "lon", "igbp"]


def test_columns_are_read_by_name(tmp_path):
    shuffled = [[row[k] for k in (3, 4, 0, 2, 1)] for row in ROWS]
    path = write(tmp_path / "bif.csv", ROWS, ",")
    other = write(tmp_path / "other.csv", shuffled, ",")
    pd.testing.assert_frame_equal(read_site_metadata(path), read_site_metadata(other))


def test_coordinates_off_the_globe(tmp_path):
    for wrong in ("91", "north"):
        rows = [[cell.replace("-10.25", wrong) for cell in row] for row in ROWS]
        with pytest.raises(DataError, match=f"lat of 'NA-Xyz': found '{wrong}'"):
            read_site_metadata(write(tmp_path / "bif.csv", rows, ","))


def test_a_missing_column(tmp_path):
    rows = [row[:4] for row in ROWS]
    with pytest.raises(DataError, match="DATAVALUE: found no such column"):
        read_site_metadata(write(tmp_path / "bif.csv", rows, ","))


def test_real_bif(realdata):
    sites = read_site_metadata(realdata / "sites" / "FLX_AA-Flx_BIF_LATEST.csv").set_index("site")
    assert len(sites) == 212  # counted with sort | uniq on the first column
    # copied from the file by hand
    assert sites.loc["AT-Neu"].to_list() == [47.1167, 11.3175, "GRA"]
    assert sites.loc["US-Twt"].to_list() == [38.1087, -121.653, "CRO"]  # moved twice
    assert not (sites.igbp == "").any()


def test_real_snapshot(realdata):
    path = realdata / "sites" / "shuttle_snapshot_no_personal_columns.csv"
    sites, plain = read_site_metadata(path), pd.read_csv(path).sort_values("site_id")
    assert len(sites) == 775
    np.testing.assert_array_equal(sites.site, plain["site_id"])
    np.testing.assert_array_equal(sites.lat, plain["location_lat"])
    np.testing.assert_array_equal(sites.lon, plain["location_long"])
    np.testing.assert_array_equal(sites.igbp, plain["igbp"])
