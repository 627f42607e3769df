"""A version of the product, put together for publication."""
