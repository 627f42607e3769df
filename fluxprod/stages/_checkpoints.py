"""Where the training of a stage keeps its state: outside its outs, which DVC removes first."""

import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import fluxprod.networks
from fluxprod.errors import DataError
from fluxprod.networks.checkpoints import Arrays
from fluxprod.readers.checkpoint import read_checkpoint
from fluxprod.writers.checkpoint import write_checkpoint


@dataclass(frozen=True)
class CheckpointFolder:
    """One file a fold, as `fluxprod.networks.checkpoints.Checkpoints` asks.

    Parameters
    ----------
    folder : Path
    fingerprint : str
        Of all that decides the result; the state of another run is left aside.
    """

    folder: Path
    fingerprint: str

    def load(self, fold: int) -> Arrays | None:
        """State of a fold; None, and a line on stderr, where the file is not to be gone on from."""
        path = self._path(fold)
        if not path.exists():
            return None
        try:
            return read_checkpoint(path, self._run(fold))
        except DataError as error:
            print(error, file=sys.stderr, flush=True)
            return None

    def save(self, fold: int, arrays: Arrays) -> None:
        """Keep the state of a fold."""
        write_checkpoint(self._path(fold), self._run(fold), arrays)

    def remove(self) -> None:
        """Forget all states: their run has ended."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _path(self, fold: int) -> Path:
        return self.folder / f"fold_{fold}.npz"

    def _run(self, fold: int) -> str:
        return f"{self.fingerprint} fold {fold}"


def networks_code() -> dict[str, bytes]:
    """Source of the package that trains, by file."""
    (folder,) = fluxprod.networks.__path__
    return {path.name: path.read_bytes() for path in sorted(Path(folder).glob("*.py"))}
