import pytest
import xarray as xr

from fluxprod.verify.files.file_name import parse_file_name


@pytest.fixture(scope="session")
def _loaded(published):
    """Every NetCDF file of the product, in memory, by content."""
    return {
        parse_file_name(path.name).content: xr.load_dataset(path) for path in published.glob("*.nc")
    }


@pytest.fixture
def product(_loaded):
    """Copies that a test may spoil; of the days, the last year."""
    return {content: dataset.copy(deep=True) for content, dataset in _loaded.items()}
