import numpy as np
import pandas as pd
import pytest
import xarray as xr
import yaml

from fluxprod.core.constants import PARAMS_FILE
from fluxprod.core.errors import DataError
from fluxprod.core.world import World
from fluxprod.params import block
from fluxprod.stages.towers import main
from fluxprod.synthetic.native.fluxnet import write_bif, write_fluxnet_daily
from fluxprod.synthetic.native.lathuile import write_lathuile_year, write_site_metadata
from fluxprod.towers.settings import TowerSettings

DAYS = pd.date_range("2004-01-01", "2005-12-31")
WORLD = World(resolution=2.0, first_year=2004, last_year=2005)
PARAMS = TowerSettings(
    min_qc=0.8, max_abs_nee=40.0, partitioning_quantile=0.025, outlier_iqr=1.5, window=31,
    min_days=180, n_folds=2, neighbour_distance=100.0,
)  # fmt: skip
SITES = pd.DataFrame(
    {
        "site": ["AA-Few", "AA-New", "AA-Old", "AA-Out", "AA-Too"],
        "lat": [10.0, 20.0, 30.0, 40.0, 50.0], "lon": 0.0, "igbp": "GRA", "utc_offset": 0.0,
    }
)  # fmt: skip


def fluxnet_days(days=DAYS):
    """A seasonal cycle with outliers on 20 July and 10 January.

    The first ten days are gap-filled; one of them and another day are impossible; the two methods'
    GPP differ by noise and, on one day, by much more.
    """
    rng = np.random.default_rng(len(days))
    nee = 2.0 * np.cos(2 * np.pi * days.day_of_year.to_numpy() / 365) + rng.uniform(
        -1, 1, len(days)
    )
    quality = np.ones(len(days))
    quality[:10] = 0.5
    nee[[3, 300]] = 99.0
    nee[[201, 375]] = [4.0, -4.0]
    gpp = np.full(len(days), 5.0)
    apart = rng.uniform(-0.1, 0.1, len(days))
    apart[100] = 3.0
    return pd.DataFrame(
        {
            "TA_F": 5.0, "TA_F_QC": 1.0, "SW_IN_POT": 440.0, "SW_IN_F": 90.0, "SW_IN_F_QC": 1.0,
            "P_F": 1.0, "NEE_VUT_REF": nee, "NEE_VUT_REF_QC": quality,
            "GPP_NT_VUT_REF": gpp + apart, "RECO_NT_VUT_REF": gpp, "GPP_DT_VUT_REF": gpp,
            "RECO_DT_VUT_REF": gpp,
        },
        index=days,
    )  # fmt: skip


def lathuile_days(year):
    days = pd.date_range(f"{year}-01-01", f"{year}-12-31")
    noise = np.random.default_rng(year).uniform(-1, 1, len(days))
    return pd.DataFrame(
        {
            "NEE_f": noise, "NEE_GPP_fqcOK": 1.0, "GPP_f": 5.0, "Reco": 5.0, "Ta_f": 5.0,
            "Ta_fqcOK": 1.0, "Precip_f": 1.0, "Rg_f": 9.0, "Rg_fqcOK": 1.0, "Rg_pot": 40.0,
        },
        index=days,
    )  # fmt: skip


@pytest.fixture
def world(tmp_path):
    """Two good FLUXNET sites, one with a short record, one of other years, and one of La Thuile."""
    fluxnet, lathuile = tmp_path / "fluxnet", tmp_path / "lathuile"
    fluxnet.mkdir()
    lathuile.mkdir()
    for site in ("AA-New", "AA-Too"):
        write_fluxnet_daily(fluxnet, site, fluxnet_days())
    write_fluxnet_daily(fluxnet, "AA-Few", fluxnet_days()[400:500])
    other = pd.date_range("2012-01-01", "2013-12-31")
    write_fluxnet_daily(fluxnet, "AA-Out", fluxnet_days(other))
    write_bif(fluxnet / "FLX_AA-Flx_BIF_DD_20221122.csv", SITES[SITES.site != "AA-Old"])
    for year in WORLD.years:
        write_lathuile_year(lathuile, "AA-Old", year, lathuile_days(year))
    write_site_metadata(lathuile / "Site_metadata.csv", SITES)
    return tmp_path


def run(folder, params=PARAMS):
    main(
        fluxnet=folder / "fluxnet", lathuile=folder / "lathuile",
        towers=folder / "towers.nc", screening=folder / "screening.csv",
        world=WORLD, params=params,
    )  # fmt: skip
    with xr.open_dataset(folder / "towers.nc") as towers:
        return towers.load(), pd.read_csv(folder / "screening.csv", index_col="site")


def test_vapour_pressure_deficit_where_a_tower_has_it(world):
    without = run(world)[0].VPD
    assert without.dims == ("site", "time")
    assert without.isnull().all()
    dry = fluxnet_days().assign(VPD_F=np.where(DAYS.year == 2004, 3.25, np.nan), VPD_F_QC=1.0)
    write_fluxnet_daily(world / "fluxnet", "AA-New", dry)
    for year in WORLD.years:
        write_lathuile_year(
            world / "lathuile", "AA-Old", year, lathuile_days(year).assign(VPD_f=4.5)
        )
    deficit = run(world)[0].VPD
    assert deficit.attrs["units"] == "hPa"
    np.testing.assert_allclose(deficit.sel(site="AA-New", time="2004"), 3.25, atol=0.005)
    assert deficit.sel(site="AA-New", time="2005").isnull().all()
    np.testing.assert_allclose(deficit.sel(site="AA-Old"), 4.5, atol=0.005)
    assert deficit.sel(site="AA-Too").isnull().all()


def test_table_and_towers_agree(world, capsys):
    towers, table = run(world)
    assert table.used.to_dict() == {
        "AA-Few": "no", "AA-New": "yes", "AA-Old": "yes", "AA-Out": "no", "AA-Too": "yes"
    }  # fmt: skip
    assert table.reason.fillna("").to_dict() == {
        "AA-Few": "fewer than 180 days kept", "AA-New": "", "AA-Old": "",
        "AA-Out": "no day in the period", "AA-Too": "",
    }  # fmt: skip
    assert towers.site.values.tolist() == ["AA-New", "AA-Old", "AA-Too"]
    for site in towers.site.values:
        assert np.isfinite(towers.NEE.sel(site=site)).sum() == table.kept[site]
    rules = table[["quality", "impossible", "partitioning", "outlier"]]
    assert (rules.sum(axis=1) + table.kept == table.with_nee).all()
    assert "towers: 3 of 5 sites used; of 2293 days with NEE" in capsys.readouterr().out


def test_planted_days_are_found_and_removed(world):
    towers, table = run(world)
    new = table.loc["AA-New"]
    assert (new.days, new.with_nee) == (731, 731)
    assert (new.quality, new.quality_alone) == (10, 10)
    assert (new.impossible, new.impossible_alone) == (1, 2)
    assert (new.partitioning_unjudged, table.partitioning_unjudged["AA-Old"]) == (0, 731)
    assert new.outlier >= 2
    nee = towers.NEE.sel(site="AA-New").values
    assert np.isnan(nee[[*range(10), 100, 201, 300, 375]]).all()
    assert 0.04 < new.partitioning / 720 < 0.08


def test_too_few_sites_leave_the_table_that_says_why(world):
    strict = PARAMS.changed(min_days=10_000)
    with pytest.raises(
        DataError, match="NEE: found 0 sites with at least 10000 valid days, .*--screening"
    ):
        run(world, strict)
    assert not (world / "towers.nc").exists()
    table = pd.read_csv(world / "screening.csv")
    assert set(table.reason) == {"fewer than 10000 days kept", "no day in the period"}


@pytest.mark.parametrize(
    ("key", "value", "found"),
    [
        ("min_qc", 80.0, "80.0, expected a number from 0 to 1"),
        ("partitioning_quantile", 0.975, "0.975, expected a number of at least 0 and below 0.5"),
        ("outlier_iqr", -1.5, "-1.5, expected a number from 0 to 100"),
        ("window", 30, "window 30, which is not an odd number of days"),
    ],
)
def test_impossible_limits_are_named(key, value, found):
    params = yaml.safe_load(PARAMS_FILE.read_text())
    broken = {**params, "towers": {**params["towers"], key: value}}
    with pytest.raises(DataError, match=rf"params.yaml: towers(\.{key})?: found {found}"):
        block(broken, TowerSettings)
