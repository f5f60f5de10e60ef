"""Guided flows over HTTP: where a caller stands, what they answer, what the camera says, and how it ends."""
