import numpy as np
import pandas as pd
import pytest

from fluxprod.core.radiation import potential_radiation, potential_radiation_year

ATTRIBUTE = "LOCATION_LAT"
SITES = [
    "AT-Neu",
    "AU-Lox",
    "BE-Lcr",
    "CN-Cng",
    "DE-Gri",
    "DE-Kli",
    "DE-Spw",
    "FI-Ken",
    "FR-LGt",
    "GL-Dsk",
    "GL-ZaF",
    "IT-BFt",
    "IT-Col",
    "NL-Hor",
    "US-Atq",
    "US-Cop",
    "US-MMS",
    "US-Wi7",
]


def latitudes(sites):
    """Latitude of every site in the BIF or the Shuttle snapshot, read with pandas."""
    bif = pd.read_csv(sites / "FLX_AA-Flx_BIF_LATEST.csv", sep=";", encoding="latin-1", dtype=str)
    bif = bif[bif.VARIABLE == ATTRIBUTE].drop_duplicates("SITE_ID").set_index("SITE_ID").DATAVALUE
    shuttle = pd.read_csv(sites / "shuttle_snapshot_no_personal_columns.csv", index_col="site_id")
    return {**shuttle.location_lat.to_dict(), **bif.astype(float).to_dict()}


def tables(realdata):
    """Daily file of each real tower, by site."""
    return {
        path.name.split("_")[1]: path for path in (realdata / "fluxnet").glob("FLX_*_DD_*.csv*")
    }


def test_every_real_site_is_tested(realdata):
    assert sorted(tables(realdata)) == sorted(SITES)


@pytest.mark.parametrize("site", SITES)
def test_agrees_with_fluxnets_own_potential_radiation(realdata, site):
    """Within 0.2 % in the median over days with light, from 34 S to 74 N."""
    lat = latitudes(realdata / "sites")[site]
    table = pd.read_csv(tables(realdata)[site], usecols=["TIMESTAMP", "SW_IN_POT"])
    day = pd.to_datetime(table.TIMESTAMP.astype(str)).dt.day_of_year.to_numpy()
    ours = potential_radiation(np.array([lat]), day)[0]
    lit = table.SW_IN_POT > 10
    assert np.median(ours[lit] / table.SW_IN_POT[lit]) == pytest.approx(1.0, abs=0.002)


def test_polar_night_and_day():
    year = potential_radiation_year(np.array([80.0, -80.0]))
    assert year.shape == (2, 366)
    assert year[0, 0] == 0.0
    assert year[1, 0] > 450.0
    assert np.isfinite(year).all()


def test_equinox_at_the_equator_by_hand():
    """Twelve hours of a sun that passes the zenith give S0 / pi, near a distance of 1 au."""
    found = potential_radiation(np.array([0.0]), np.array([80])).item()
    assert found == pytest.approx(1376.0 / np.pi, rel=0.01)
