"""Who made the product and how it is cited, as CITATION.cff says."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Person:
    """One creator: a person, or a group under one name.

    Parameters
    ----------
    family, given : str
        Of a person.
    group : str
        Name of a group; empty for a person.
    orcid : str
        ``https://orcid.org/0000-0002-1825-0097``.
    affiliation : str
    """

    family: str = ""
    given: str = ""
    group: str = ""
    orcid: str = ""
    affiliation: str = ""

    @property
    def name(self) -> str:
        """``Family, Given``, or the group's name."""
        return self.group or ", ".join(part for part in (self.family, self.given) if part)


@dataclass(frozen=True)
class CitedWork:
    """A work that the product rests on.

    Parameters
    ----------
    text : str
        Authors, year and title.
    doi : str
        ``10.5194/acp-24-2555-2024``; empty where there is none.
    """

    text: str
    doi: str = ""

    def __str__(self) -> str:
        """Text with the DOI as a link."""
        return f"{self.text}, {doi_url(self.doi)}" if self.doi else self.text


@dataclass(frozen=True)
class Citation:
    """How the product is cited, and whom to ask.

    Parameters
    ----------
    title, version : str
    released : str
        Date, ISO 8601.
    doi : str
        ``10.5281/zenodo.1234``; empty until one is reserved.
    creators : tuple of Person
    email, url : str
        To write to, to look at.
    license, license_url : str
        SPDX identifier, and its text.
    publisher : str
    keywords : tuple of str
    abstract : str
    references : tuple of Reference
        The paper of the method first.
    funding : str
        In words; "none" where nobody paid. CITATION.cff has no place for it: ``product.funding``
        of params.yaml does.
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
        """Names of all creators."""
        return "; ".join(person.name for person in self.creators)

    @property
    def doi_url(self) -> str:
        """DOI as a link; empty until one is reserved."""
        return doi_url(self.doi) if self.doi else ""

    @property
    def text(self) -> str:
        """One line to cite the product by.

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
    """The program that makes the product.

    Parameters
    ----------
    title, version : str
    released : str
        Date, ISO 8601.
    url : str
    license : str
        SPDX identifier.
    """

    title: str
    version: str
    released: str
    url: str
    license: str


def full_title(title: str, world: str) -> str:
    """Title that nobody takes for observations where the world is synthetic.

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
