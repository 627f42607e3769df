"""What is common to all files of one edition of the product."""

from dataclasses import dataclass

from fluxprod.citation import Citation
from fluxprod.provenance import Provenance


@dataclass(frozen=True)
class Edition:
    """One making of the product.

    Parameters
    ----------
    citation : Citation
        Title, version, creators, licence.
    world : str
        "synthetic" or "observed".
    period : range
        Years of the whole run: the inversions of all of them went into every file.
    resolution : float
        Of the grid [degree].
    provenance : Provenance
    """

    citation: Citation
    world: str
    period: range
    resolution: float
    provenance: Provenance

    @property
    def span(self) -> str:
        """First and last year, as in names of files."""
        return f"{self.period[0]}-{self.period[-1]}"
