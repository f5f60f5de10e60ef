"""What people are told: each kind of notice with its texts, as data."""
