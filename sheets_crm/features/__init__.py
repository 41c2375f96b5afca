"""The things that operators see, one file or folder each: what its cells ask for, and what its rows should be."""
