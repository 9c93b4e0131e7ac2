"""Pages of the registers, one file per subject."""
