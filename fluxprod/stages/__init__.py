"""The stages of the pipeline, one file each: read, call pure functions, write."""
