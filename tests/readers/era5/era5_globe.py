"""ERA5 precipitation on its 0.25 degree grid, in the chunks that the library uses for months."""

import netCDF4
import numpy as np

N_LAT, N_LON = 721, 1440


def write_globe(path, rain, step):
    """Write precipitation (time, latitude, longitude) [m], every ``step`` s from 2001-01-01."""
    with netCDF4.Dataset(path, "w") as dataset:
        axes = {
            "valid_time": np.arange(len(rain)) * step + 978307200,  # 2001-01-01
            "latitude": np.linspace(90.0, -90.0, N_LAT),
            "longitude": np.arange(N_LON) / 4.0,
        }
        for name, values in axes.items():
            dataset.createDimension(name, len(values))
            dataset.createVariable(name, values.dtype, (name,))[:] = values
        dataset["valid_time"].units = "seconds since 1970-01-01"
        options = {"compression": "zlib", "complevel": 1, "chunksizes": (len(rain), 55, 111)}
        variable = dataset.createVariable("tp", "f4", tuple(axes), fill_value=np.nan, **options)
        variable.units = "m"
        variable[:] = rain.astype(np.float32)
