"""What a user needs to know about a data set before downloading it."""

from dataclasses import dataclass

GIGABYTE = 10**9


@dataclass(frozen=True)
class RawDataset:
    """One data set that an observed run reads.

    Parameters
    ----------
    key : str
        Short name, also used by ``fluxprod raw check``.
    folder : str
        Subfolder of ``data/raw/observed`` for its files.
    title, provider : str
    identifier : str
        Data set id and DOI.
    variables : str
        Variables that are read, as the provider names them.
    period : str
        Period of the whole record.
    resolution : str
        Resolution in space and time.
    files : str
        File names that are accepted.
    licence, citation : str
    bytes_per_file : int
        Unpacked size of a file: number of values times bytes per value, over all layers [byte].
    files_per_year : float
        Number of files per year; 0 where one file holds all years [a-1].
    first_year : int
        Earliest year of which files are wanted.
    unconfirmed : str
        Which of these details were never checked against a real file.
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
        """Unpacked size of all files of some years [GB]."""
        wanted = sum(year >= self.first_year for year in years)
        count = self.files_per_year * wanted if self.files_per_year else 1
        return count * self.bytes_per_file / GIGABYTE
