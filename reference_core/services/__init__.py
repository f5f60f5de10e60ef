"""What people, tills and agencies do: facts are read, a decision is asked for, one transaction carries it out."""
