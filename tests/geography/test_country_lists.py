import csv
from collections import Counter
from pathlib import Path

from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.geography.country_lists import COUNTRIES, NOWHERE, region_of
from fluxprod.readers.regions.countries import read_countries

EARTH = Path(__file__).parents[2] / "data" / "reference" / "earth"
# The 193 members, un.org/en/about-us/member-states, as ISO 3166-1 codes
CODES = """
AFG ALB DZA AND AGO ATG ARG ARM AUS AUT AZE BHS BHR BGD BRB BLR BEL BLZ BEN BTN BOL BIH BWA BRA
BRN BGR BFA BDI CPV KHM CMR CAN CAF TCD CHL CHN COL COM COG CRI CIV HRV CUB CYP CZE PRK COD DNK
DJI DMA DOM ECU EGY SLV GNQ ERI EST SWZ ETH FJI FIN FRA GAB GMB GEO DEU GHA GRC GRD GTM GIN GNB
GUY HTI HND HUN ISL IND IDN IRN IRQ IRL ISR ITA JAM JPN JOR KAZ KEN KIR KWT KGZ LAO LVA LBN LSO
LBR LBY LIE LTU LUX MDG MWI MYS MDV MLI MLT MHL MRT MUS MEX FSM MCO MNG MNE MAR MOZ MMR NAM NRU
NPL NLD NZL NIC NER NGA MKD NOR OMN PAK PLW PAN PNG PRY PER PHL POL PRT QAT KOR MDA ROU RUS RWA
KNA LCA VCT WSM SMR STP SAU SEN SRB SYC SLE SGP SVK SVN SLB SOM ZAF SSD ESP LKA SDN SUR SWE CHE
SYR TJK THA TLS TGO TON TTO TUN TUR TKM TUV UGA UKR ARE GBR TZA USA URY UZB VUT VEN VNM YEM ZMB
ZWE
"""
UN_MEMBERS = CODES.split()


def test_every_member_of_the_un_is_on_one_list():
    listed = Counter(" ".join([*COUNTRIES.values(), NOWHERE]).split())
    assert len(UN_MEMBERS) == len(set(UN_MEMBERS)) == 193
    assert [code for code in UN_MEMBERS if listed[code] != 1] == []
    assert max(listed.values()) == 1


def test_regions_are_the_18():
    assert tuple(COUNTRIES) == ABBREVIATIONS
    table = region_of()
    assert table["BRA"] == ABBREVIATIONS.index("BRA")
    assert table["ATA"] == table["GRL"] == -1


def test_lists_are_those_of_the_synthetic_earth(realdata):
    """Its own table is by name and drew data/reference/earth/regions.nc."""
    with (EARTH / "countries_to_regions.csv").open(encoding="utf-8") as file:
        table = {row["country"]: row["region"] for row in csv.DictReader(file)}
    number = region_of()
    for country in read_countries(realdata / "grids" / "countries-50m.json"):
        expected = table[country.name]
        found = number[country.code]
        assert (ABBREVIATIONS[found] if found >= 0 else "none") == expected, country.name
