"""Wrong edits of raw files, and the first place in the pipeline that notices each of them."""
