"""Files in the formats of the real providers."""
