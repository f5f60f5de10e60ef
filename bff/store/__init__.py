"""What Redis remembers for the BFF, under which key and for how long; all of it may vanish without harm."""
