"""What is decided, and why: pure functions of a pack and facts, the same for a preview and for the deed."""
