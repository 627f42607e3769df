"""DataCite metadata of the product, the form in which a repository registers a DOI.

They follow the DataCite Metadata Schema 4.5 in JSON,
https://datacite-metadata-schema.readthedocs.io.
"""

from collections.abc import Iterable
from typing import Any

from fluxprod.core.citation import Citation, Person
from fluxprod.product.attributes import WORLDS
from fluxprod.product.edition import Edition

DATACITE = "datacite.json"
SCHEMA = "http://datacite.org/schema/kernel-4"
ORCID = "https://orcid.org"
SPDX = "https://spdx.org/licenses/"
# by the suffix of the file name
MEDIA_TYPES = {
    ".nc": "application/x-netcdf",
    ".csv": "text/csv",
    ".zarr": "application/vnd.zarr; version=3",
    ".png": "image/png",
    ".json": "application/json",
}
DATA = (".nc", ".csv", ".zarr")
GLOBE = {
    "westBoundLongitude": -180,
    "eastBoundLongitude": 180,
    "southBoundLatitude": -90,
    "northBoundLatitude": 90,
}


def datacite(
    edition: Edition, inputs: Iterable[str] = (), papers: Iterable[str] = ()
) -> dict[str, Any]:
    """Build the metadata of the whole product.

    Parameters
    ----------
    edition : Edition
        Edition of the product.
    inputs, papers : iterable of str, optional
        DOIs of the input data sets, and of the publications that their providers ask to be cited.

    Returns
    -------
    dict
        Content of datacite.json.
    """
    citation = edition.citation
    doi = {"doi": citation.doi} if citation.doi else {}
    return {
        **doi,
        "url": citation.url,
        "types": {"resourceType": "Gridded carbon flux", "resourceTypeGeneral": "Dataset"},
        "creators": [_creator(person) for person in citation.creators],
        "titles": [{"title": citation.title}],
        "publisher": {"name": citation.publisher},
        "publicationYear": citation.released[:4],
        "subjects": [{"subject": keyword} for keyword in citation.keywords],
        "dates": _dates(citation, edition.period),
        "language": "en",
        "version": citation.version,
        "formats": [MEDIA_TYPES[ending] for ending in DATA],
        "rightsList": [_rights(citation)],
        "descriptions": _descriptions(edition),
        "geoLocations": [{"geoLocationPlace": "Land without ice", "geoLocationBox": GLOBE}],
        "relatedIdentifiers": _related(citation, inputs, papers),
        "fundingReferences": _funding(citation),
        "schemaVersion": SCHEMA,
    }


def _creator(person: Person) -> dict[str, Any]:
    if person.group:
        creator: dict[str, Any] = {"name": person.name, "nameType": "Organizational"}
    else:
        names = {"givenName": person.given, "familyName": person.family}
        creator = {"name": person.name, "nameType": "Personal", **names}
    if person.orcid:
        identifier = {"nameIdentifier": person.orcid, "nameIdentifierScheme": "ORCID"}
        creator["nameIdentifiers"] = [{**identifier, "schemeUri": ORCID}]
    if person.affiliation:
        creator["affiliation"] = [{"name": person.affiliation}]
    return creator


def _dates(citation: Citation, years: range) -> list[dict[str, str]]:
    return [
        {"date": citation.released, "dateType": "Issued"},
        {
            "date": f"{years[0]}-01-01/{years[-1]}-12-31",
            "dateType": "Valid",
            "dateInformation": "period that the data cover",
        },
    ]


def _rights(citation: Citation) -> dict[str, str]:
    return {
        "rights": citation.license,
        "rightsUri": citation.license_url,
        "rightsIdentifier": citation.license,
        "rightsIdentifierScheme": "SPDX",
        "schemeUri": SPDX,
    }


def _descriptions(edition: Edition) -> list[dict[str, str]]:
    grid = f"Grid of {edition.resolution:g} degrees; daily, monthly and regional totals."
    texts = {
        "Abstract": f"{edition.citation.abstract} {WORLDS[edition.world]}",
        "TechnicalInfo": grid,
    }
    return [
        {"description": text, "descriptionType": kind, "lang": "en"} for kind, text in texts.items()
    ]


def _related(
    citation: Citation, inputs: Iterable[str], papers: Iterable[str]
) -> list[dict[str, str]]:
    """Relations: documented by the paper of the method, derived from data, citing other works."""
    first, *others = [work.doi for work in citation.references if work.doi] or [""]
    relations = {first: "IsDocumentedBy"} if first else {}
    relations |= {doi: "IsDerivedFrom" for doi in inputs if doi not in relations}
    relations |= {doi: "Cites" for doi in (*others, *papers) if doi not in relations}
    return [
        {"relatedIdentifier": doi, "relatedIdentifierType": "DOI", "relationType": relation}
        for doi, relation in relations.items()
    ]


def _funding(citation: Citation) -> list[dict[str, str]]:
    return [] if citation.funding == "none" else [{"funderName": citation.funding}]
