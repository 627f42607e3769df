import pandas as pd
import pytest

from fluxprod.errors import DataError
from fluxprod.readers.towers import facts_of, find_tower_files, fluxnet_sites, read_towers
from fluxprod.synthetic.native_fluxnet import write_bif, write_fluxnet_daily
from fluxprod.synthetic.native_lathuile import write_lathuile_year, write_site_metadata

REF = ["NEE_VUT_REF", "NEE_VUT_REF_QC"]
COLUMNS = ["TA_F", "TA_F_QC", "SW_IN_POT", "SW_IN_F", "SW_IN_F_QC", "P_F", *REF]
OLDER = ["NEE_f", "NEE_GPP_fqcOK", "GPP_f", "Reco", "Ta_f", "Ta_fqcOK", "Precip_f"]
OLDER += ["Rg_f", "Rg_fqcOK", "Rg_pot"]


def a_year(columns, year=2004):
    days = pd.date_range(f"{year}-01-01", f"{year}-12-31")
    values = {name: 0.5 for name in columns} | {"SW_IN_POT": 440.0, "Rg_pot": 40.0}
    return pd.DataFrame({name: values[name] for name in columns}, index=days)


@pytest.fixture
def folders(tmp_path):
    """AA-New in both collections, AA-Old in La Thuile alone."""
    fluxnet, lathuile = tmp_path / "fluxnet", tmp_path / "lathuile"
    fluxnet.mkdir()
    lathuile.mkdir()
    sites = pd.DataFrame(
        {
            "site": ["AA-New", "AA-Old"],
            "lat": [1.5, 2.5],
            "lon": [3.5, 4.5],
            "igbp": ["DBF", "GRA"],
            "utc_offset": [1.0, 1.0],
        }
    )
    write_fluxnet_daily(fluxnet, "AA-New", a_year(COLUMNS))
    write_bif(fluxnet / "FLX_AA-Flx_BIF_DD_20221122.csv", sites[:1])
    for site in sites.site:
        write_lathuile_year(lathuile, site, 2004, a_year(OLDER))
    write_site_metadata(lathuile / "Site_metadata.csv", sites)
    return fluxnet, lathuile


def test_each_site_once_with_its_facts(folders):
    towers = {site: (record, facts) for site, record, facts in read_towers(*folders)}
    assert towers["AA-New"][1] == {"lat": 1.5, "lon": 3.5, "igbp": "DBF", "source": "fluxnet"}
    assert towers["AA-Old"][1] == {"lat": 2.5, "lon": 4.5, "igbp": "GRA", "source": "lathuile"}
    assert towers["AA-Old"][0].attrs["site"] == "AA-Old"
    assert list(towers) == ["AA-New", "AA-Old"]


def test_a_site_without_position(folders):
    fluxnet, lathuile = folders
    write_fluxnet_daily(fluxnet, "AA-Zzz", a_year(COLUMNS))
    with pytest.raises(DataError, match="AA-Zzz: found not in the site table"):
        list(read_towers(fluxnet, lathuile))


def test_an_incomplete_entry(tmp_path):
    known = pd.DataFrame({"site": ["A"], "lat": [1.0], "lon": [float("nan")], "igbp": [""]})
    with pytest.raises(DataError, match="A: found no lon, igbp"):
        facts_of(tmp_path, known, "A")


def test_two_tables_of_a_site(folders):
    fluxnet, _ = folders
    write_fluxnet_daily(fluxnet, "AA-New", a_year(COLUMNS, 2005))
    with pytest.raises(DataError, match=r"AA-New: found FLX_AA-New.*2004.* and FLX_AA-New.*2005"):
        find_tower_files(fluxnet)


def test_no_site_table(tmp_path):
    with pytest.raises(DataError, match="site table: found none"):
        fluxnet_sites(tmp_path)


def test_real_folder(realdata):
    files = find_tower_files(realdata / "fluxnet")
    assert len(files) == 18
    names = [file.label.name for tables in files.values() for file in tables]
    assert [name.split("_")[1] for name in names] == list(files)
