"""Every native writer gives the same bytes when repeated a second later in another folder."""

import hashlib
import time

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from fluxprod.core.grid import Grid
from fluxprod.core.time_axis import daily_axis, monthly_axis
from fluxprod.synthetic.native.budget import COLUMNS, write_gcb_workbook
from fluxprod.synthetic.native.era5 import write_era5_year
from fluxprod.synthetic.native.fluxcom import write_fluxcom_year
from fluxprod.synthetic.native.fluxnet import write_bif, write_fluxnet_daily
from fluxprod.synthetic.native.gfas import write_gfas_year
from fluxprod.synthetic.native.inversions import write_gcp2022, write_rivers
from fluxprod.synthetic.native.lathuile import write_lathuile_year, write_site_metadata
from fluxprod.synthetic.native.modis import (
    write_mcd12c1,
    write_mcd15a2h,
    write_mcd43c4,
    write_mod11c2,
    write_mod13c1,
)
from fluxprod.synthetic.native.regions import write_region_mask

GRID = Grid(45.0)
DAYS = daily_axis(2003, 2003)
DATE = pd.Timestamp("2003-03-06")
FILES = 18


def write_everything(folder):
    rng = np.random.default_rng(1)
    cube = rng.normal(size=(365, *GRID.shape))
    share, bits = rng.uniform(0.2, 0.9, GRID.shape), rng.integers(0, 4, GRID.shape)
    sites = pd.DataFrame(
        {"site": ["AA-Bbb"], "lat": [1.0], "lon": [2.0], "igbp": ["ENF"], "utc_offset": [-3.5]}
    )
    write_fluxnet_daily(folder, "AA-Bbb", pd.DataFrame({"TA_F": cube[:, 0, 0]}, index=DAYS))
    write_bif(folder / "FLX_AA-Flx_BIF_DD_20221122.csv", sites)
    write_lathuile_year(folder, "AA-Bbb", 2003, pd.DataFrame({"Ta_f": cube[:, 0, 0]}, index=DAYS))
    write_site_metadata(folder / "Site_metadata.csv", sites)
    coords = {"time": DAYS, "lat": GRID.lat, "lon": GRID.lon}
    field = xr.DataArray(cube, dims=("time", "lat", "lon"), coords=coords)
    for variable in ("t2m", "d2m", "ssrd", "tp"):
        write_era5_year(folder, variable, field, 2003)
    write_mod13c1(folder, DATE, share, share, bits, bits)
    write_mod11c2(folder, DATE, 280.0 + share, 270.0 + share, bits, bits)
    write_mcd43c4(folder, DATE, share, share, share, bits)
    write_mcd15a2h(folder, DATE, share, bits)
    write_mcd12c1(folder, 2003, bits)
    months = monthly_axis(2003, 2003)
    write_gcp2022(folder / "gcp.nc", [cube[:12]], [cube[:12]], ["CAMS"], months)
    write_rivers(folder / "rivers.nc", cube[:12], months)
    write_gfas_year(folder, 2003, np.abs(cube) * 1e-9)
    write_fluxcom_year(folder, 2003, cube)
    write_gcb_workbook(folder / "gcb.xlsx", pd.DataFrame(dict.fromkeys(COLUMNS, 0.1), index=[2003]))


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    hashes = []
    for run in ("first", "second"):
        if hashes:
            time.sleep(1.1)  # file formats store times in seconds
        folder = tmp_path_factory.mktemp(run)
        write_everything(folder)
        hashes.append(
            {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}
        )
    return hashes


def test_same_bytes_twice(runs):
    first, second = runs
    assert len(first) == FILES
    assert first == second


def test_region_mask_bytes(tmp_path):
    for name in ("a.nc", "b.nc"):
        write_region_mask(tmp_path / name, np.zeros((18, 360, 720), bool))
    assert (tmp_path / "a.nc").read_bytes() == (tmp_path / "b.nc").read_bytes()


def test_failure_leaves_no_file(tmp_path):
    with pytest.raises(ValueError, match="Fpar_500m"):
        write_mcd15a2h(tmp_path, DATE, np.full(GRID.shape, 1.5), np.zeros(GRID.shape))
    with pytest.raises(ValueError, match="0 days of fire for 2003"):
        write_gfas_year(tmp_path, 2003, np.zeros((0, *GRID.shape)))
    assert list(tmp_path.iterdir()) == []
