-- Until that day a guardian speaks for the citizen, who is a child below fourteen; empty for everybody else.
ALTER TABLE app.holders ADD COLUMN guarded_until date;
