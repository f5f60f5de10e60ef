"""What may be done and every reason why not: pure checks on people, ties, accounts and vouchers."""
