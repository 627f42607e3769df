"""Independent tasks of a stage, run in this process, in several, or on a Dask cluster."""
