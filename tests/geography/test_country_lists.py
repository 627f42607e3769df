import csv
from collections import Counter
from pathlib import Path

from fluxprod.core.regions import ABBREVIATIONS
from fluxprod.geography.country_lists import COUNTRIES, UNASSIGNED_COUNTRIES, region_by_country
from fluxprod.readers.regions.countries import read_countries
from tests.geography.world_atlas import write_geojson

EARTH = Path(__file__).parents[2] / "data" / "reference" / "earth"
# ISO 3166-1 codes of the 193 members listed at un.org/en/about-us/member-states
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


def test_every_un_member_is_on_exactly_one_list():
    listed = Counter(" ".join([*COUNTRIES.values(), UNASSIGNED_COUNTRIES]).split())
    assert len(UN_MEMBERS) == len(set(UN_MEMBERS)) == 193
    assert [code for code in UN_MEMBERS if listed[code] != 1] == []
    assert max(listed.values()) == 1


def test_regions_are_the_18():
    assert tuple(COUNTRIES) == ABBREVIATIONS
    table = region_by_country()
    assert table["BRA"] == ABBREVIATIONS.index("BRA")
    assert table["ATA"] == table["GRL"] == -1


def test_lists_agree_with_those_of_the_synthetic_earth(realdata, tmp_path):
    """Its table is keyed by name, and data/reference/earth/regions.nc was drawn from it."""
    with (EARTH / "countries_to_regions.csv").open(encoding="utf-8") as file:
        table = {row["country"]: row["region"] for row in csv.DictReader(file)}
    number = region_by_country()
    topology = realdata / "grids" / "countries-50m.json"
    for country in read_countries(write_geojson(topology, "countries", tmp_path / "a.geojson")):
        expected = table[country.name]
        found = number[country.code]
        assert (ABBREVIATIONS[found] if found >= 0 else "none") == expected, country.name
