"""Containers that several providers use: zip archives, NetCDF, HDF4, GRIB, workbooks."""
