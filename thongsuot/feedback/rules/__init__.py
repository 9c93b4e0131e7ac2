"""Pure rules of feedback: clocks, routing, masking, what is the same matter, what is no ticket at all."""
