"""Tests of the container image that need a Docker engine."""
