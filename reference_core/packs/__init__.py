"""Cities' packs: their schema, how they are read, joined and found, and how they are shown to people."""
