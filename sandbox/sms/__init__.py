"""A gateway for text messages, with a protocol of the sandbox's own: it resembles what vendors have and is none of them."""
