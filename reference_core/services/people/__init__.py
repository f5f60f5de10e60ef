"""People as agencies report them and as they prove who they are."""
