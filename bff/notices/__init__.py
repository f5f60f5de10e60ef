"""From what happened to what people hear of it: the feed read into inboxes, and from there to the channels they allowed."""
