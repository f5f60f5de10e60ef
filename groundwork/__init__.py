"""What every process here stands on: China time, identity numbers, sealing, masking, logs. It imports none of them."""
