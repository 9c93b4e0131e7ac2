"""Forms of the pages about dossiers, one file per kind of page."""
