"""The screens of a city's flows, drawn and judged for one person: pure."""
