"""The one list of the data sets that a run with ``source: observed`` reads.

``docs/real-data.md`` shows it (``fluxprod raw list --markdown``), and ``fluxprod raw check``
compares a folder with it. The sizes follow from the shapes of the arrays in the files.
"""

import re
from collections.abc import Collection

from fluxprod.inventory.dataset import RawDataset

CMG = 3600 * 7200  # cells of the MODIS climate modelling grid, 0.05 degree
ERA5 = 721 * 1440  # 0.25 degree
HALF_DEGREE = 360 * 720
ONE_DEGREE = 180 * 360
GFAS = 1800 * 3600  # 0.1 degree
DAYS = 365.25
TILES = 290  # sinusoidal tiles with land
COMPOSITES_8, COMPOSITES_16 = 46, 23  # per year
TOWER_TABLE = 10_000_000  # byte: 17 years of days x 200 columns x 8 characters

CC_BY = "CC-BY-4.0"
NASA = "open, no restriction (NASA Earth data policy)"
LP_DAAC = "NASA LP DAAC, earthdata.nasa.gov"
MODIS_FILES = "`{0}.AYYYYDDD.VVV.*.hdf`"
GCB = "Friedlingstein et al. 2022, doi 10.5194/essd-14-4811-2022"

RAW_LIST = (
    RawDataset(
        key="fluxnet",
        folder="fluxnet",
        title="FLUXNET2015, FLUXNET (ONEFlux), ICOS and AmeriFlux towers, daily",
        provider="fluxnet.org, data.icos-cp.eu, ameriflux.lbl.gov",
        identifier="FLUXNET2015 SUBSET or FULLSET; FLUXNET archives of the Shuttle",
        variables="NEE_VUT_REF or NEE_CUT_REF, TA_F, SW_IN_F, SW_IN_POT, P_F and their _QC; "
        "VPD_F if present; LOCATION_LAT, LOCATION_LONG, IGBP of the site table",
        period="from 1991, depending on the site",
        resolution="site, day",
        files="`NET_CC-Xxx_*_{SUBSET,FULLSET,FLUXMET}_DD_YYYY-YYYY_*.csv` or "
        "`ICOSETC_CC-Xxx_FLUXNET_DD_L2.csv`, `.csv.gz`, or the `.zip` of a site; and a site table: "
        "`*BIF*.csv` or `.xlsx`, `*SITEINFO_L2.csv` or `*shuttle_snapshot*.csv`",
        licence=f"{CC_BY} (FLUXNET2015 Tier One, ICOS, AmeriFlux), depending on the site",
        citation="Pastorello et al. 2020, doi 10.1038/s41597-020-0534-3; the DOI of each site",
        bytes_per_file=1000 * TOWER_TABLE,
    ),
    RawDataset(
        key="lathuile",
        folder="lathuile",
        title="La Thuile synthesis, daily",
        provider="fluxnet.org",
        identifier="La Thuile 2007, no DOI",
        variables="NEE_f, NEE_GPP_fqcOK, Ta_f, Rg_f, Rg_pot, Precip_f, GPP_f, Reco; "
        "VPD_f if present",
        period="1991-2007, depending on the site",
        resolution="site, day",
        files="`CC-Xxx.YYYY.synth.daily.allvars.csv`, `.csv.gz` or `.zip`, and "
        "`Site_metadata.csv` or `LaThuile_SiteMetadata.xls`",
        licence="Open, Fair Use or La Thuile 2007, depending on site and year; not redistributable",
        citation="Baldocchi 2008, doi 10.1071/BT07151",
        bytes_per_file=782 * 365 * 124 * 8,  # site-years of 2001 to 2007, columns, characters
        unconfirmed="quality flag as a share of the day; radiation in MJ m-2 d-1; VPD_f in hPa",
        optional=True,
    ),
    RawDataset(
        key="era5",
        folder="era5",
        title="ERA5, daily statistics or hourly",
        provider="Copernicus Climate Data Store",
        identifier="derived-era5-single-levels-daily-statistics, doi 10.24381/cds.4991cf48; "
        "reanalysis-era5-single-levels, doi 10.24381/cds.adbb2d47",
        variables="t2m, ssrd, tp, and optionally d2m, for VPD (daily mean of t2m and d2m; daily "
        "mean or sum of ssrd and tp)",
        period="from 1940",
        resolution="0.25 degree, day or hour",
        files="`*.nc`, `*.grib` or `*.zip` in the old or the new layout of the data store; daily "
        "files with `daily-mean` or `daily-sum` in the name, or the statistic in their attributes; "
        "hourly accumulations up to 00 UTC of the following day",
        licence=f"{CC_BY} (Copernicus)",
        citation="Hersbach et al. 2020, doi 10.1002/qj.3803",
        bytes_per_file=round(3 * ERA5 * 4 * DAYS),
        files_per_year=1,
        unconfirmed="hourly files are 24 times as large; d2m adds a third",
    ),
    RawDataset(
        key="MOD13C1",
        folder="modis",
        title="MODIS vegetation indices, 16 days",
        provider=LP_DAAC,
        identifier="MOD13C1 v061, doi 10.5067/MODIS/MOD13C1.061",
        variables="NDVI, EVI, pixel reliability",
        period="from 2000-02-18",
        resolution="0.05 degree, 16 days",
        files=f"{MODIS_FILES.format('MOD13C1')}; or MOD13C2; or an area of MOD13Q1, MOD13A1 "
        "or MOD13A2 from AppEEARS (`MOD13Q1.061_250m_aid0001.nc`)",
        licence=NASA,
        citation="Didan 2021, doi 10.5067/MODIS/MOD13C1.061",
        bytes_per_file=CMG * (11 * 2 + 3),
        files_per_year=COMPOSITES_16,
    ),
    RawDataset(
        key="MOD11C2",
        folder="modis",
        title="MODIS land surface temperature, 8 days",
        provider=LP_DAAC,
        identifier="MOD11C2 v061, doi 10.5067/MODIS/MOD11C2.061",
        variables="LST_Day_CMG, LST_Night_CMG, QC_Day, QC_Night",
        period="from 2000-03-05",
        resolution="0.05 degree, 8 days",
        files=f"{MODIS_FILES.format('MOD11C2')}; or MOD11C1 of every day; or an area of MOD11A2 "
        "from AppEEARS",
        licence=NASA,
        citation="Wan et al. 2021, doi 10.5067/MODIS/MOD11C2.061",
        bytes_per_file=CMG * (3 * 2 + 13),
        files_per_year=COMPOSITES_8,
    ),
    RawDataset(
        key="MCD43C4",
        folder="modis",
        title="MODIS nadir reflectance",
        provider=LP_DAAC,
        identifier="MCD43C4 v061, doi 10.5067/MODIS/MCD43C4.061",
        variables="Nadir_Reflectance_Band2, Band4, Band5, BRDF_Quality",
        period="from 2000-02-16",
        resolution="0.05 degree, daily; every eighth day is read",
        files=f"{MODIS_FILES.format('MCD43C4')}, at least of days 1, 9, 17 ...; or an area "
        "of MCD43A4 from AppEEARS",
        licence=NASA,
        citation="Schaaf and Wang 2021, doi 10.5067/MODIS/MCD43C4.061",
        bytes_per_file=CMG * (7 * 2 + 5),
        files_per_year=COMPOSITES_8,
        unconfirmed="fill value and scale factor of the reflectances",
    ),
    RawDataset(
        key="MCD15A2H",
        folder="modis",
        title="MODIS fAPAR, 8 days",
        provider=LP_DAAC,
        identifier="MCD15A2H v061, doi 10.5067/MODIS/MCD15A2H.061; before 2002-07-04 MOD15A2H "
        "v061, doi 10.5067/MODIS/MOD15A2H.061",
        variables="Fpar_500m, FparLai_QC",
        period="from 2002-07-04 (MOD15A2H: from 2000-02-18)",
        resolution="500 m sinusoidal tiles, 8 days",
        files="`MCD15A2H.AYYYYDDD.hHHvVV.VVV.*.hdf`, all land tiles; or a global grid with no "
        "tile in the name; or an area from AppEEARS",
        licence=NASA,
        citation="Myneni et al. 2021, doi 10.5067/MODIS/MCD15A2H.061",
        bytes_per_file=TILES * 2400 * 2400 * 6,
        files_per_year=COMPOSITES_8,
    ),
    RawDataset(
        key="MCD12C1",
        folder="modis",
        title="MODIS land cover",
        provider=LP_DAAC,
        identifier="MCD12C1 v061, doi 10.5067/MODIS/MCD12C1.061",
        variables="Majority_Land_Cover_Type_1",
        period="from 2001; one year is read",
        resolution="0.05 degree, year",
        files="one `MCD12C1.AYYYY001.VVV.*.hdf`, or a GeoTIFF (`.tif`) of the classes",
        licence=NASA,
        citation="Friedl and Sulla-Menashe 2022, doi 10.5067/MODIS/MCD12C1.061",
        bytes_per_file=CMG * (3 * 2 + 17 + 16 + 11),
    ),
    RawDataset(
        key="inversions",
        folder="inversions",
        title="Atmospheric inversions of the Global Carbon Budget",
        provider="ICOS Carbon Portal",
        identifier="GCP2022_inversions_1x1_version1_2_20230428.nc and later editions",
        variables="land_flux_only_fossil_cement_adjusted (or, 2022 only, "
        "land_flux_fossil_cement_and_river_adjusted), ensemble_member_name",
        period="1960-2021 (2022 edition)",
        resolution="1 degree, month",
        files="one `GCPYYYY_inversions_1x1_version*.nc`, or a `.zip` of it",
        licence=f"{CC_BY} (ICOS)",
        citation=f"Luijkx et al. 2023, ICOS; {GCB}",
        bytes_per_file=2 * 9 * 744 * ONE_DEGREE * 4,
        unconfirmed="float32; orientation of the axes",
    ),
    RawDataset(
        key="rivers",
        folder="rivers",
        title="Carbon carried by rivers, as a flux of the land",
        provider="R. Lauerwald; layers that come with the inversions since 2023",
        identifier="none public in this form",
        variables="river_flux, positive to the atmosphere; or river_adjustment_land, positive into "
        "the land; an uptake of 0.3 to 1.5 PgC per year",
        period="a climatology of 12 months, or all months",
        resolution="any global grid, month",
        files="one `*river*.nc`; without it, river_adjustment_land in the file of inversions; not "
        "read if `inversions.rivers` is `adjusted`",
        licence="ask the provider",
        citation="Lauerwald et al. 2015, doi 10.1002/2014GB004941; Regnier et al. 2013, "
        "doi 10.1038/ngeo1830",
        bytes_per_file=12 * ONE_DEGREE * 4,
        unconfirmed="provider, licence, name and layout",
    ),
    RawDataset(
        key="gfas",
        folder="gfas",
        title="CAMS fire emissions (GFAS)",
        provider="Copernicus Atmosphere Data Store",
        identifier="cams-global-fire-emissions-gfas",
        variables="co2fire [kg of CO2 m-2 s-1]",
        period="from 2003; earlier years take its climatology",
        resolution="0.1 degree, day",
        files="`*co2fire*.nc`, `*co2fire*.grib` or `*.zip` in the old or the new layout of the "
        "data store, stamped with the start or the end of the day, in whole months",
        licence=f"{CC_BY} (Copernicus)",
        citation="Kaiser et al. 2012, doi 10.5194/bg-9-527-2012",
        bytes_per_file=round(GFAS * 4 * DAYS),
        files_per_year=1,
        first_year=2003,
    ),
    RawDataset(
        key="fluxcom",
        folder="fluxcom",
        title="FLUXCOM RS+METEO NEE",
        provider="MPI for Biogeochemistry, fluxcom.org",
        identifier="CarbonFluxes/RS_METEO/ensemble/ERA5",
        variables="NEE",
        period="1979-2018 with ERA5",
        resolution="0.5 degree, day (or month)",
        files="`NEE.RS_METEO.FP-NONE.MLM-ALL.METEO-ERA5.720_360.daily.YYYY.nc`, one per year; or "
        "`monthly`; RS files likewise; not FLUXCOM-X-BASE (`NEE_YYYY_050_monthly.nc`)",
        licence=CC_BY,
        citation="Jung et al. 2020, doi 10.5194/bg-17-1343-2020",
        bytes_per_file=round(HALF_DEGREE * 4 * DAYS),
        files_per_year=1,
        unconfirmed="last year; other variables in a file",
    ),
    RawDataset(
        key="budget",
        folder="budget",
        title="Global Carbon Budget workbook",
        provider="globalcarbonproject.org, ICOS Carbon Portal",
        identifier="Global_Carbon_Budget_2022v1.0.xlsx, doi 10.18160/gcp-2022",
        variables="land sink of the sheet Global Carbon Budget",
        period="1959-2021 (2022 edition)",
        resolution="globe, year",
        files="one `Global_Carbon_Budget_*.xlsx`, 2017 to 2024 editions",
        licence=CC_BY,
        citation=GCB,
        bytes_per_file=1_000_000,
    ),
    RawDataset(
        key="regions",
        folder="regions",
        title="18 regions, or countries from which they are made",
        provider="A. Bastos, E. Churiulin (MPI-BGC); naturalearthdata.com",
        identifier="GCP_18regions_mask_0.5deg_corr.nc; Natural Earth 1:50m Admin 0 countries",
        variables="MASK, 18 layers of 0 and 1, or a map of the numbers 1 to 18",
        period="none",
        resolution="0.5 degree; polygons",
        files="one `*mask*.nc`; or `ne_50m_admin_0_countries.zip` or the same as GeoJSON "
        "(`*countries*.geojson`, `*countries*.json`)",
        licence="mask: ask the authors; Natural Earth: public domain",
        citation="Upton et al., Table A1; Natural Earth",
        bytes_per_file=18 * HALF_DEGREE * 4,
        unconfirmed="layout of the mask",
    ),
)


def input_dois(folders: Collection[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """DOIs of the data sets in some folders, and of the publications that describe them.

    Parameters
    ----------
    folders : collection of str
        Subfolders of ``data/raw/observed``.

    Returns
    -------
    data : tuple of str
        DOIs of the data sets, without repetitions.
    works : tuple of str
        Further DOIs, of publications.

    Examples
    --------
    >>> input_dois(["gfas"])
    ((), ('10.5194/bg-9-527-2012',))
    """
    wanted = [dataset for dataset in RAW_LIST if dataset.folder in folders]
    data = dict.fromkeys(doi for each in wanted for doi in _dois(each.identifier))
    works = dict.fromkeys(doi for each in wanted for doi in _dois(each.citation))
    return tuple(data), tuple(doi for doi in works if doi not in data)


def _dois(text: str) -> list[str]:
    return re.findall(r"doi (10\.[^\s;,]+)", text)
