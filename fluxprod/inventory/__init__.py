"""What a folder of raw files holds, and what a run needs."""
