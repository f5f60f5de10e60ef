"""The words and facts that everything in the core speaks in: national codes, kinship, regions, values; no rule, no I/O."""
