"""The synthetic Earth, written in the native formats of the real providers."""
