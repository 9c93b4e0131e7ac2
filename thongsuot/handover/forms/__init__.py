"""Forms of the changeover, by the pages they stand on."""
