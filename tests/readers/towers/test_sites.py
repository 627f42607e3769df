import gzip
import zipfile

import pandas as pd
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.fluxnet import read_fluxnet_daily
from fluxprod.readers.towers.sites import (
    facts_of,
    find_tower_files,
    fluxnet_sites,
    lathuile_sites,
    read_towers,
)
from fluxprod.synthetic.native.fluxnet import write_bif, write_fluxnet_daily
from fluxprod.synthetic.native.lathuile import write_lathuile_year, write_site_metadata

REF = ["NEE_VUT_REF", "NEE_VUT_REF_QC"]
COLUMNS = ["TA_F", "TA_F_QC", "SW_IN_POT", "SW_IN_F", "SW_IN_F_QC", "P_F", *REF]
OLDER = ["NEE_f", "NEE_GPP_fqcOK", "GPP_f", "Reco", "Ta_f", "Ta_fqcOK", "Precip_f"]
OLDER += ["Rg_f", "Rg_fqcOK", "Rg_pot"]


def a_year(columns, year=2004):
    days = pd.date_range(f"{year}-01-01", f"{year}-12-31")
    values = {name: 0.5 for name in columns} | {"SW_IN_POT": 440.0, "SW_IN_F": 120.0}
    values |= {"Rg_pot": 40.0, "Rg_f": 12.0}
    return pd.DataFrame({name: values[name] for name in columns}, index=days)


@pytest.fixture
def folders(tmp_path):
    """AA-New is in both collections, AA-Old only in La Thuile."""
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
    with pytest.raises(DataError, match="AA-Zzz: found no entry in the site table"):
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
    for sites in (fluxnet_sites, lathuile_sites):
        with pytest.raises(DataError, match="site table: found none"):
            sites(tmp_path)


def packed(path, **members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.values():
            archive.writestr(name, content)


BIF = (
    "VARIABLE,DATAVALUE,SITE_ID,GROUP_ID,VARIABLE_GROUP\n"
    "LOCATION_LAT,5.5,{site},1,C:\\Users\\me\\GRP_LOCATION\n"
    "LOCATION_LONG,6.5,{site},1,C:\\Users\\me\\GRP_LOCATION\n"
    "IGBP,WET,{site},2,C:\\Users\\me\\GRP_IGBP\n"
)


def test_plain_gzipped_and_archived_tables_in_one_folder(folders, tmp_path):
    fluxnet, _ = folders
    plain = next(fluxnet.glob("FLX_AA-New*"))
    content = plain.read_bytes()
    gz = fluxnet / plain.name.replace("AA-New", "AA-Gzi")
    gz.with_suffix(".csv.gz").write_bytes(gzip.compress(content))
    start = "AMF_AA-Zip_FLUXNET"
    packed(
        fluxnet / f"{start}_2004-2004_v1.3_r1.zip",
        day=(f"{start}_FLUXMET_DD_2004-2004_v1.3_r1.csv", content),
        half_hour=(f"{start}_FLUXMET_HH_2004-2004_v1.3_r1.csv", "not read"),
        month=(f"{start}_FLUXMET_MM_2004-2004_v1.3_r1.csv", "not read"),
        reanalysis=(f"{start}_ERA5_DD_1981-2025_v1.3_r1.csv", "not read"),
        columns=(f"{start}_BIFVARINFO_DD_v1.3_r1.csv", "not read"),
        sites=(f"{start}_BIF_v1.3_r1.csv", BIF.format(site="AA-Zip")),
    )
    inner = "in/a/folder/AMF_AA-Ful_FLUXNET_FULLSET_DD_2004-2004_3-5.csv"
    packed(fluxnet / "AMF_AA-Ful_FLUXNET_FULLSET_2004-2004_3-5.zip", day=(inner, content))
    (fluxnet / "fluxnet_shuttle_snapshot_20260101T000000.csv").write_text(
        "site_id,location_lat,location_long,igbp\nAA-Gzi,7.5,8.5,GRA\nAA-Ful,9.5,10.5,CRO\n"
        "AA-Zip,0,0,GRA\n"
    )
    towers = {
        site: (record, facts) for site, record, facts in read_towers(fluxnet, tmp_path / "no")
    }
    assert list(towers) == ["AA-Ful", "AA-Gzi", "AA-New", "AA-Zip"]
    expected = read_fluxnet_daily(plain)
    for site, (record, _) in towers.items():
        assert record.attrs["site"] == site
        assert record.drop_attrs(deep=False).identical(expected.drop_attrs(deep=False))
    # BIF before Shuttle
    assert towers["AA-Zip"][1] == {"lat": 5.5, "lon": 6.5, "igbp": "WET", "source": "fluxnet"}
    assert towers["AA-Gzi"][1] == {"lat": 7.5, "lon": 8.5, "igbp": "GRA", "source": "fluxnet"}


def test_a_site_in_an_archive_and_outside_it(folders):
    fluxnet, _ = folders
    plain = next(fluxnet.glob("FLX_AA-New*"))
    name = "AMF_AA-New_FLUXNET_SUBSET_DD_2004-2004_3-5.csv"
    packed(fluxnet / "AMF_AA-New.zip", day=(name, plain.read_bytes()))
    with pytest.raises(DataError) as error:
        find_tower_files(fluxnet)
    assert f"AA-New: found AMF_AA-New.zip/{name} and {plain.name}" in str(error.value)


def test_an_archive_without_a_daily_table(tmp_path):
    path = tmp_path / "AMF_AA-New_FLUXNET_2004-2004_v1.3_r1.zip"
    half_hours = ("AMF_AA-New_FLUXNET_FLUXMET_HH_2004-2004_v1.3_r1.csv", "")
    sites = ("AMF_AA-New_FLUXNET_BIF_v1.3_r1.csv", BIF.format(site="AA-New"))
    for members in ({"a": half_hours}, {"a": half_hours, "b": sites}, {"a": ("LICENCE.txt", "")}):
        packed(path, **members)
        with pytest.raises(DataError, match=r"_r1\.zip: archive: found .*, expected a daily table"):
            find_tower_files(tmp_path)
    packed(path, b=sites)
    assert find_tower_files(tmp_path) == {}
    assert list(fluxnet_sites(tmp_path).site) == ["AA-New"]


def test_a_corrupt_archive(tmp_path):
    (tmp_path / "AMF_AA-New_FLUXNET.zip").write_text("<html>log in</html>")
    with pytest.raises(DataError, match=r"FLUXNET\.zip: file: found a web page"):
        find_tower_files(tmp_path)


def test_site_tables_complete_each_other(tmp_path):
    (tmp_path / "FLX_AA-Flx_BIF.csv").write_text(
        "SITE_ID,GROUP_ID,VARIABLE,DATAVALUE\nAA-New,1,LOCATION_LAT,1.5\n"
        "AA-New,1,LOCATION_LONG,2.5\nAA-Two,1,IGBP,SAV\n"
    )
    (tmp_path / "fluxnet_shuttle_snapshot.csv").write_text(
        "site_id,location_lat,location_long,igbp\nAA-New,8,9,DBF\nAA-Two,3.5,4.5,GRA\n"
    )
    known = fluxnet_sites(tmp_path).set_index("site")
    assert known.loc["AA-New"].to_list() == [1.5, 2.5, "DBF"]
    assert known.loc["AA-Two"].to_list() == [3.5, 4.5, "SAV"]


def test_lathuile_years_in_an_archive(folders, tmp_path):
    _, lathuile = folders
    path = write_lathuile_year(tmp_path, "AA-Old", 2005, a_year(OLDER, 2005))
    packed(lathuile / "more.zip", year=(f"2005/{path.name}", path.read_bytes()))
    towers = {site: record for site, record, _ in read_towers(tmp_path / "none", lathuile)}
    assert towers["AA-Old"].sizes["time"] == 366 + 365
    assert towers["AA-New"].sizes["time"] == 366


def test_real_folder(realdata):
    files = find_tower_files(realdata / "fluxnet")
    assert len(files) == 18
    names = [file.label.name for tables in files.values() for file in tables]
    assert [name.split("_")[1] for name in names] == list(files)
