"""What is to be known of a data set before it is downloaded."""

from dataclasses import dataclass

GIGABYTE = 10**9


@dataclass(frozen=True)
class RawDataset:
    """One data set that an observed run reads.

    Parameters
    ----------
    key : str
        Short name, in ``fluxprod raw check`` too.
    folder : str
        Of ``data/raw/observed`` in which its files go.
    title, provider : str
    identifier : str
        Data set id and DOI.
    variables : str
        That are read, as the provider names them.
    period : str
        Of the whole record.
    resolution : str
        In space and time.
    files : str
        Names that are accepted.
    licence, citation : str
    bytes_per_file : int
        Unpacked: values x bytes of the layers in a file [byte].
    files_per_year : float
        0 where one file holds all years.
    first_year : int
        Of the files that are wanted, at the earliest.
    unconfirmed : str
        What of the above is to be asserted when a real file is opened.
    optional : bool
        Whether a run can start without it.
    """

    key: str
    folder: str
    title: str
    provider: str
    identifier: str
    variables: str
    period: str
    resolution: str
    files: str
    licence: str
    citation: str
    bytes_per_file: int
    files_per_year: float = 0.0
    first_year: int = 0
    unconfirmed: str = ""
    optional: bool = False

    def size(self, years: range) -> float:
        """Size of all files of some years, unpacked [GB]."""
        wanted = sum(year >= self.first_year for year in years)
        count = self.files_per_year * wanted if self.files_per_year else 1
        return count * self.bytes_per_file / GIGABYTE
