"""File names: product, version, grid, frequency, period."""


def file_name(version: str, resolution: float, content: str, period: str, ending: str) -> str:
    """Name of a product file.

    >>> file_name("0.1.0", 2.0, "daily", "2001", "nc")
    'nee_fluxprod-v0.1.0_2deg_daily_2001.nc'
    """
    return f"nee_fluxprod-v{version}_{resolution:g}deg_{content}_{period}.{ending}"
