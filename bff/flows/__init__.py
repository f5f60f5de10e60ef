"""What people do, step by step: frozen data and pure functions that know neither Flask nor Redis nor HTTP."""
