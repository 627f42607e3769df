"""Real site tables compared with plain pandas, and real tower files in archives of the Shuttle."""

import gzip
import zipfile

import numpy as np
import pandas as pd

from fluxprod.readers.towers.bif import read_site_metadata
from fluxprod.readers.towers.fluxnet import read_fluxnet_daily
from fluxprod.readers.towers.sites import find_tower_files, fluxnet_sites, read_towers


def test_all_real_files_in_shuttle_archives(realdata, tmp_path):
    """The same tables under the names of the Shuttle, one archive per site with its other files."""
    sites = realdata / "sites"
    table = pd.read_csv(sites / "shuttle_snapshot_no_personal_columns.csv", keep_default_na=False)
    table = table.set_index("site_id")[["location_lat", "location_long", "igbp"]]
    planted = {}
    for name in sorted(path.name for path in (realdata / "fluxnet").glob("FLX_*")):
        _, site, _, _, _, years, _ = name.removesuffix(".gz").removesuffix(".csv").split("_")
        content = (realdata / "fluxnet" / name).read_bytes()
        content = gzip.decompress(content) if name.endswith(".gz") else content
        start = f"ICOSETC_{site}_FLUXNET"
        known = tuple(table.loc[site]) if site in table.index else (12.5, -33.25, "GRA")
        planted[site] = dict(zip(("lat", "lon", "igbp"), known))
        facts = dict(zip(("LOCATION_LAT", "LOCATION_LONG", "IGBP"), known))
        lines = [f"{site},1,C:\\\\GRP,{key},{value}" for key, value in facts.items()]
        bif = "\n".join(["SITE_ID,GROUP_ID,VARIABLE_GROUP,VARIABLE,DATAVALUE", *lines]) + "\n"
        with zipfile.ZipFile(tmp_path / f"{start}_{years}_v1.3_r1.zip", "w") as archive:
            archive.writestr(f"{start}_FLUXMET_DD_{years}_v1.3_r1.csv", content)
            archive.writestr(f"{start}_FLUXMET_HH_{years}_v1.3_r1.csv", "not to be read")
            archive.writestr(f"{start}_ERA5_DD_1981-2025_v1.3_r1.csv", "not to be read")
            archive.writestr(f"{start}_BIFVARINFO_DD_v1.3_r1.csv", "not,to,be,read\n")
            archive.writestr(f"{start}_BIF_v1.3_r1.csv", bif)
    towers = {site: (record, facts) for site, record, facts in read_towers(tmp_path, tmp_path)}
    plain = find_tower_files(realdata / "fluxnet")
    assert sorted(towers) == sorted(plain)
    for site, (record, facts) in towers.items():
        assert record.identical(read_fluxnet_daily(plain[site][0])), site
        assert facts == planted[site] | {"source": "fluxnet"}
    assert not [path for path in tmp_path.iterdir() if path.suffix != ".zip"]


def test_the_bif_of_fluxnet2015(realdata, tmp_path):
    path = realdata / "sites" / "FLX_AA-Flx_BIF_LATEST.csv"
    found = read_site_metadata(path).set_index("site")
    plain = pd.read_csv(path, sep=";", dtype=str, encoding="latin-1", keep_default_na=False)
    for ours, theirs in (("lat", "LOCATION_LAT"), ("lon", "LOCATION_LONG"), ("igbp", "IGBP")):
        first = plain[plain.VARIABLE == theirs].drop_duplicates("SITE_ID")
        first = first.set_index("SITE_ID").DATAVALUE
        assert len(first) > 200
        got = found[ours].reindex(first.index)
        if ours == "igbp":
            assert (got == first).all()
        else:
            assert (
                np.abs(got - first.astype(float)).max() < 0.05
            )  # where a tower has several locations
    # as issued by AmeriFlux: a workbook, here with its columns in another order
    book = tmp_path / "AMF_AA-Flx_FLUXNET-BIF_CCBY4_20250101.xlsx"
    wanted = plain[plain.VARIABLE.isin(["LOCATION_LAT", "LOCATION_LONG", "IGBP"])]
    wanted[wanted.columns[::-1]].to_excel(book, index=False)
    pd.testing.assert_frame_equal(read_site_metadata(book), read_site_metadata(path))
    pd.testing.assert_frame_equal(fluxnet_sites(tmp_path), read_site_metadata(path))


def test_the_shuttle_snapshot(realdata):
    path = realdata / "sites" / "shuttle_snapshot_no_personal_columns.csv"
    found = read_site_metadata(path).set_index("site")
    plain = pd.read_csv(path, index_col="site_id", keep_default_na=False)
    assert len(found) == len(plain) == 775
    for ours, theirs in (("lat", "location_lat"), ("lon", "location_long"), ("igbp", "igbp")):
        assert (found[ours] == plain[theirs].reindex(found.index)).all()
