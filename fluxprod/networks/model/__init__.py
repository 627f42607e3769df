"""The network, its forward and backward pass, and its file."""
