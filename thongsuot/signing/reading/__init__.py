"""Reading foreign PDFs in a process of its own, with limits. Nothing here knows a table."""
