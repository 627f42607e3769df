import numpy as np
import pandas as pd
import pytest

from fluxprod.core.errors import DataError
from fluxprod.readers.towers.lathuile import (
    read_lathuile_daily,
    read_lathuile_metadata,
)
from fluxprod.readers.towers.lathuile_workbook import read_lathuile_workbook
from fluxprod.readers.towers.sites import lathuile_sites
from fluxprod.synthetic.native.lathuile import write_lathuile_year

SITE = "AA-Bcd"


def year_of(year, **columns):
    days = pd.date_range(f"{year}-01-01", f"{year}-12-31")
    number = np.arange(len(days), dtype=float)
    table = {
        "NEE_f": -number / 100,
        "NEE_GPP_fqcOK": 0.5,
        "Ta_f": number / 20 - 5,
        "Ta_fqcOK": 1.0,
        "Rg_f": 8.64,
        "Rg_fqcOK": 0.25,
        "Rg_pot": 40.0,
        "Precip_f": 1.5,
        "GPP_f": 3.0,
        "Reco": 2.0,
    }
    return pd.DataFrame(table | columns, index=days)


def test_years_are_joined_and_energy_becomes_power(tmp_path):
    write_lathuile_year(tmp_path, SITE, 2005, year_of(2005, NEE_f=np.nan))
    write_lathuile_year(tmp_path, SITE, 2004, year_of(2004))
    tower = read_lathuile_daily(tmp_path, SITE)
    assert tower.attrs["site"] == SITE
    assert tower.sizes["time"] == 366 + 365
    assert str(tower.time[59].dt.strftime("%F").item()) == "2004-02-29"
    assert str(tower.time[-1].dt.strftime("%F").item()) == "2005-12-31"
    np.testing.assert_allclose(tower.SW_IN, 100.0)  # 8.64 MJ in 86 400 s
    np.testing.assert_allclose(tower.SW_IN_POT, 40e6 / 86400)
    np.testing.assert_allclose(tower.NEE[:3], [0, -0.01, -0.02], atol=1e-12)
    assert tower.NEE[366:].isnull().all()


def test_power_is_kept(tmp_path):
    write_lathuile_year(tmp_path, SITE, 2005, year_of(2005, Rg_f=100.0, Rg_pot=440.0))
    tower = read_lathuile_daily(tmp_path, SITE)
    np.testing.assert_allclose(tower.SW_IN, 100.0)
    np.testing.assert_allclose(tower.SW_IN_POT, 440.0)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        ({"Rg_pot": 80.0}, "Rg_f, Rg_pot: found a maximum of 80, expected MJ m-2 d-1 or W m-2"),
        ({"Ta_f": 283.0}, "Ta_f: found 283"),
        ({"NEE_GPP_fqcOK": 3.0}, "NEE_GPP_fqcOK: found 3"),
    ],
)
def test_units_are_checked(tmp_path, columns, message):
    write_lathuile_year(tmp_path, SITE, 2005, year_of(2005, **columns))
    with pytest.raises(DataError, match=message):
        read_lathuile_daily(tmp_path, SITE)


def test_a_missing_day_and_a_file_of_another_year(tmp_path):
    path = write_lathuile_year(tmp_path, SITE, 2005, year_of(2005))
    lines = path.read_bytes().split(b"\r\n")
    path.write_bytes(b"\r\n".join(lines[:10] + lines[11:]))
    with pytest.raises(DataError, match="DoY: found 2005-01-11 after 2005-01-09"):
        read_lathuile_daily(tmp_path, SITE)
    path.write_bytes(b"\r\n".join(lines))
    path.rename(tmp_path / f"{SITE}.2006.synth.daily.allvars.csv")
    with pytest.raises(DataError, match=r"Year: .*2006 as in the file name"):
        read_lathuile_daily(tmp_path, SITE)


def test_site_without_files(tmp_path):
    with pytest.raises(DataError, match="XX-Xxx: found no file"):
        read_lathuile_daily(tmp_path, "XX-Xxx")


def test_metadata_in_latin_1(tmp_path):
    path = tmp_path / "Site_metadata.csv"
    path.write_bytes(
        b"SiteCode,Fullname,SiteLatitude,SiteLongitude,SiteElevation,IGBP_vegetation_short\n"
        b"FR-Fon,Fontainebleau for\xeat,48.476,2.78,90,DBF\n"
        b"BW-Ghg,Ghanzi,NA,NA,NA,NA\n"
    )
    table = read_lathuile_metadata(path)
    assert list(table.site) == ["BW-Ghg", "FR-Fon"]
    assert list(table.igbp) == ["", "DBF"]
    np.testing.assert_array_equal(table.lat, [np.nan, 48.476])
    np.testing.assert_array_equal(table.lon, [np.nan, 2.78])


def test_coordinates_off_the_globe(tmp_path):
    path = tmp_path / "Site_metadata.csv"
    path.write_text("SiteCode,SiteLatitude,SiteLongitude,IGBP_vegetation_short\nAA-B,1,181,GRA\n")
    with pytest.raises(DataError, match="lon of 'AA-B': found '181', expected -180 to 180"):
        read_lathuile_metadata(path)


def test_water_storage_of_some_years(tmp_path):
    write_lathuile_year(tmp_path, SITE, 2004, year_of(2004))  # the column is present, but all -9999
    write_lathuile_year(tmp_path, SITE, 2005, year_of(2005, H2Ostor1=-12.5))
    tower = read_lathuile_daily(tmp_path, SITE)
    assert tower.H2OSTOR1[:366].isnull().all()
    assert (tower.H2OSTOR1[366:] == -12.5).all()
    assert "H2OSTOR2" not in tower


@pytest.mark.parametrize(("day", "found"), [("0", "0"), ("12.5", "12.5"), ("-9999", "nan")])
def test_days_are_whole_numbers(tmp_path, day, found):
    path = write_lathuile_year(tmp_path, SITE, 2005, year_of(2005))
    path.write_text(path.read_text().replace("2005,12,", f"2005,{day},", 1))
    with pytest.raises(DataError, match=f"DoY: found {found}, expected 1 to 366"):
        read_lathuile_daily(tmp_path, SITE)


def test_real_workbook_equals_another_reading(realdata):
    import xlrd

    path = realdata / "sites" / "LaThuile_SiteMetadata.xls"
    sites = read_lathuile_workbook(path).set_index("site")
    sheet = xlrd.open_workbook(path).sheet_by_index(0)
    assert len(sites) == sheet.nrows - 5 == 495
    for row in range(5, sheet.nrows):
        site, *_, lat, lon, _, igbp = sheet.row_values(row)[:7]
        found = sites.loc[site]
        np.testing.assert_equal(found.lat, np.nan if lat == " TBD" else lat)
        np.testing.assert_equal(found.lon, np.nan if lon == " TBD" else lon)
        assert found.igbp == ("" if igbp == " TBD" else igbp)
    policies = pd.read_csv(path.with_name("LaThuile_site_policy.csv"))
    assert set(policies["site"]) <= set(sites.index)
    assert sites.loc["BW-Ghm", "igbp"] == "WSA"  # copied from the sheet by hand


def test_the_workbook_fills_gaps_of_the_csv(realdata, tmp_path):
    name = "LaThuile_SiteMetadata.xls"
    (tmp_path / name).symlink_to(realdata / "sites" / name)
    (tmp_path / "Site_metadata.csv").write_text(
        "SiteCode,SiteLatitude,SiteLongitude,IGBP_vegetation_short\nKR-Hnm,NA,NA,ENF\n"
    )
    hnm = lathuile_sites(tmp_path).set_index("site").loc["KR-Hnm"]
    assert (round(hnm.lat, 2), round(hnm.lon, 2), hnm.igbp) == (34.55, 126.57, "ENF")


def test_a_workbook_without_content(tmp_path):
    path = tmp_path / "LaThuile_SiteMetadata.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 cut")
    with pytest.raises(DataError, match="unreadable"):
        read_lathuile_workbook(path)
