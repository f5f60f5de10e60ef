"""What happened, told to whom it concerns: the feed, the inbox and the pushes."""
