"""Pages of the hotline: the desk, a call, who is called back, figures, administration; where the exchange tells us."""
