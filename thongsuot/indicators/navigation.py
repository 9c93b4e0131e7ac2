"""Where the bars lead."""
