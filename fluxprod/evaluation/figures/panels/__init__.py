"""Parts that several figures share: colours, scales, maps and density panels."""
