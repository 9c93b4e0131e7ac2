"""Pure rules: references and purposes, the VietQR payload, what three lists of a day say against each other."""

FACES = (500_000, 200_000, 100_000, 50_000, 20_000, 10_000, 5_000, 2_000, 1_000, 500, 200)
"""Notes in use, in đồng (State Bank of Vietnam)."""
TEST_DONG = 1_000
"""What proves a receiving account; it goes back."""
ARRIVES_WITHIN = 5
"""Days after which cash that was paid in at the bank and is in no statement is a difference."""
