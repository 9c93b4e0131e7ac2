"""Forms of the registers' pages, one file per subject."""
