"""What the BFF asks to draw: flows, forms and a city's page."""
