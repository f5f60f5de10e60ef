"""How a pack reads to people: as a page for residents, and the difference of two in plain words."""
