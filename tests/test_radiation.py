import numpy as np
import pandas as pd
import pytest

from fluxprod.radiation import potential_radiation, potential_radiation_year

ATTRIBUTE = "LOCATION_LAT"


def latitudes(sites):
    """Latitude of every site that the BIF, the Shuttle or La Thuile's table knows, by pandas."""
    bif = pd.read_csv(sites / "FLX_AA-Flx_BIF_LATEST.csv", sep=";", encoding="latin-1", dtype=str)
    bif = bif[bif.VARIABLE == ATTRIBUTE].drop_duplicates("SITE_ID").set_index("SITE_ID").DATAVALUE
    shuttle = pd.read_csv(sites / "shuttle_snapshot_no_personal_columns.csv", index_col="site_id")
    return {**shuttle.location_lat.to_dict(), **bif.astype(float).to_dict()}


def test_agrees_with_fluxnets_own_potential_radiation_at_every_site(realdata):
    known, ratios = latitudes(realdata / "sites"), {}
    for path in sorted((realdata / "fluxnet").glob("FLX_*_DD_*.csv*")):
        site = path.name.split("_")[1]
        if site not in known:
            continue
        table = pd.read_csv(path, usecols=["TIMESTAMP", "SW_IN_POT"])
        day = pd.to_datetime(table.TIMESTAMP.astype(str)).dt.day_of_year.to_numpy()
        ours = potential_radiation(np.array([known[site]]), day)[0]
        lit = table.SW_IN_POT > 10
        ratios[site] = np.median(ours[lit] / table.SW_IN_POT[lit])
    assert len(ratios) >= 13
    far = {site: ratio for site, ratio in ratios.items() if abs(ratio - 1.0) > 0.002}
    assert far == {}


def test_polar_night_and_day():
    year = potential_radiation_year(np.array([80.0, -80.0]))
    assert year.shape == (2, 366)
    assert year[0, 0] == 0.0
    assert year[1, 0] > 450.0
    assert np.isfinite(year).all()


def test_equinox_at_the_equator_by_hand():
    """Twelve hours of a sun that passes the zenith: S0 / pi, near one sun-earth distance."""
    found = potential_radiation(np.array([0.0]), np.array([80])).item()
    assert found == pytest.approx(1376.0 / np.pi, rel=0.01)
