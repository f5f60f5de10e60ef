"""How many random cases each property tries: enough for every commit, and five times as many with `SOAK=1`."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

SOAKING = os.environ.get("SOAK") == "1"
CASES = 10_000 if SOAKING else 2_000

# A case is a whole city, family and bill: slow to draw on a busy machine, which is no fault of the code under test.
many_cases = settings(max_examples=CASES, deadline=None, suppress_health_check=[HealthCheck.too_slow])
