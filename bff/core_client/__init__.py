"""What we ask of the core and of the register beside it; HTTP stops here."""
