"""Experiments outside the pipeline: studies, calibration of the spread, and real towers."""
