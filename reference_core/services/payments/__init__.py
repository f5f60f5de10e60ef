"""Payments at a till, imagined beforehand, carried out, and given back."""
