"""Who made the product and how to cite it, as recorded in CITATION.cff."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """One creator: a person, or a group under one name.

    Parameters
    ----------
    family, given : str
        Family and given names of a person.
    group : str
        Name of a group; empty for a person.
    orcid : str
        ORCID iD as a URL, for example ``https://orcid.org/0000-0002-1825-0097``.
    affiliation : str
        Institution of the person or group.
    """

    family: str = ""
    given: str = ""
    group: str = ""
    orcid: str = ""
    affiliation: str = ""

    @property
    def name(self) -> str:
        """``Family, Given`` or the name of the group."""
        return self.group or ", ".join(part for part in (self.family, self.given) if part)


@dataclass(frozen=True)
class CitedWork:
    """A publication on which the product builds.

    Parameters
    ----------
    text : str
        Authors, year and title.
    doi : str
        For example ``10.5194/acp-24-2555-2024``; empty if the work has none.
    """

    text: str
    doi: str = ""

    def __str__(self) -> str:
        """Text followed by the DOI as a link."""
        return f"{self.text}, {doi_url(self.doi)}" if self.doi else self.text


@dataclass(frozen=True)
class Citation:
    """How to cite the product, and whom to contact.

    Parameters
    ----------
    title, version : str
        Title and version of the product.
    released : str
        Release date in ISO 8601.
    doi : str
        For example ``10.5281/zenodo.1234``; empty until one is reserved.
    creators : tuple of Person
        Creators in the order of citation.
    email, url : str
        Contact address and web page.
    license, license_url : str
        SPDX identifier of the licence and the URL of its text.
    publisher : str
        Organisation that publishes the product.
    keywords : tuple of str
        Keywords of the product.
    abstract : str
        Description of the product.
    references : tuple of CitedWork
        Publications on which the product builds; the paper that describes the method comes first.
    funding : str
        Funding statement; "none" without funding. CITATION.cff has no field for it, so it comes
        from ``product.funding`` in params.yaml.
    """

    title: str
    version: str
    released: str
    doi: str
    creators: tuple[Person, ...]
    email: str
    url: str
    license: str
    license_url: str
    publisher: str
    keywords: tuple[str, ...]
    abstract: str
    references: tuple[CitedWork, ...]
    funding: str = "none"

    @property
    def authors(self) -> str:
        """Names of all creators, separated by semicolons."""
        return "; ".join(person.name for person in self.creators)

    @property
    def doi_url(self) -> str:
        """DOI as a link; empty until a DOI is reserved."""
        return doi_url(self.doi) if self.doi else ""

    @property
    def text(self) -> str:
        """Recommended citation in one line.

        >>> person = Person("Curie", "Marie")
        >>> Citation("NEE", "1.0.0", "2026-02-03", "10.1/x", (person,), "", "", "", "", "Press",
        ...          (), "", ()).text
        'Curie, Marie (2026): NEE, version 1.0.0. Press. https://doi.org/10.1/x'
        """
        year = self.released[:4]
        line = f"{self.authors} ({year}): {self.title}, version {self.version}. {self.publisher}."
        return f"{line} {self.doi_url or self.url}".rstrip()


@dataclass(frozen=True)
class Software:
    """The software that makes the product.

    Parameters
    ----------
    title, version : str
        Title and version of the software.
    released : str
        Release date in ISO 8601.
    url : str
        Address of the repository.
    license : str
        SPDX identifier of the licence.
    """

    title: str
    version: str
    released: str
    url: str
    license: str


def full_title(title: str, world: str) -> str:
    """Title that marks the product of a synthetic world as such.

    >>> full_title("NEE", "synthetic")
    'NEE (synthetic Earth)'
    """
    return title + (" (synthetic Earth)" if world == "synthetic" else "")


def doi_url(doi: str) -> str:
    """DOI as a link.

    >>> doi_url("10.5194/acp-24-2555-2024")
    'https://doi.org/10.5194/acp-24-2555-2024'
    """
    return f"https://doi.org/{doi}"
