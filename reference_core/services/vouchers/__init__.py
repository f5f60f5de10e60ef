"""Vouchers, their one-time codes, and the lists of relatives whose voucher somebody shows."""
