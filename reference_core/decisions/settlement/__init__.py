"""Who pays which part of a bill: pure, the same for a preview and for the payment."""
