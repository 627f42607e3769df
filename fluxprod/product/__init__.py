"""The files that people download, as datasets and tables ready to be written."""
