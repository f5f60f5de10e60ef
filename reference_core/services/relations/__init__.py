"""The shared account and its mutual-aid ties, from the naming of a relative to the tie's end."""
