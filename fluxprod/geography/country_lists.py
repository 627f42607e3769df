"""The countries of each of the 18 regions.

The lists are our own, because Table A1 of Upton et al. does not name the countries. Codes are ISO
3166-1 alpha-3, or those of Natural Earth for areas that have none (KOS Kosovo, SOL Somaliland,
CYN Northern Cyprus, KAS Siachen Glacier ...). Debatable assignments are discussed in
docs/decisions/0010-regions.md.
"""

from fluxprod.core.regions import REGIONS, UNASSIGNED

COUNTRIES = {
    "USA": "USA",
    "CAN": "CAN SPM",
    "CAM": (
        "ABW AIA ATG BES BHS BLM BLZ BRB CRI CUB CUW CYM DMA DOM GLP GRD GTM HND HTI "
        "JAM KNA LCA MAF MEX MSR MTQ NIC PAN PRI SLV SXM TCA TTO USG VCT VGB VIR"
    ),
    "NSA": "COL GUF GUY SUR VEN",
    "BRA": "BRA BRI",
    "SSA": "ARG BOL CHL ECU FLK PER PRY SPI URY",
    "EU": (
        "ALA ALB AND AUT BEL BGR BIH BLR CHE CZE DEU DNK ESP EST FIN FRA FRO GBR GGY "
        "GIB GRC HRV HUN IMN IRL ISL ITA JEY KOS LIE LTU LUX LVA MCO MDA MKD MLT MNE "
        "NLD NOR POL PRT ROU SJM SMR SRB SVK SVN SWE UKR VAT"
    ),
    "NAF": "BFA BRT CPV DZA EGY ESH GMB LBY MAR MLI MRT NER SDN SEN TCD TUN",
    "EQAF": (
        "BDI BEN CAF CIV CMR COD COG DJI ERI ETH GAB GHA GIN GNB GNQ KEN LBR NGA RWA "
        "SLE SOL SOM SSD STP SYC TGO TZA UGA"
    ),
    "SAF": "AGO BWA COM LSO MDG MOZ MUS MWI MYT NAM REU SWZ ZAF ZMB ZWE",
    "RUS": "RUS",
    "CAS": "KAB KAZ KGZ MNG TJK TKM UZB",
    "MIDE": (
        "ARE ARM AZE BHR CNM CYN CYP ESB GEO IRN IRQ ISR JOR KWT LBN OMN PSE QAT SAU "
        "SYR TUR WSB YEM"
    ),
    "CHN": "CHN HKG MAC TWN",
    "KAJ": "JPN KOR PRK",
    "SAS": "AFG BGD BTN IND KAS LKA MDV NPL PAK",
    "SEAS": "BRN IDN KHM LAO MMR MYS PHL PNG SGP THA TLS VNM",
    "OCE": "ASM ATC AUS COK FJI KIR NCL NFK NIU NZL PYF SLB TKL TON TUV VUT WSM",
}
# Greenland, Antarctica and islands in the open ocean
UNASSIGNED_COUNTRIES = (
    "ATA ATF BJN BMU BVT CCK CLP CSI CXR FSM GRL GUM HMD IOA IOT MHL MNP NRU PCN PGA "
    "PLW SCR SER SGS SHN UMI WLF"
)


def region_by_country() -> dict[str, int]:
    """Look up the region number of each country code; -1 for countries outside all regions."""
    number = {region.abbreviation: region.number for region in REGIONS}
    table = {code: UNASSIGNED for code in UNASSIGNED_COUNTRIES.split()}
    return table | {
        code: number[region] for region, codes in COUNTRIES.items() for code in codes.split()
    }
