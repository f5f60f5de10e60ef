-- What a member asked of whose money they use, so that one tap is one request a day.

CREATE TABLE core.relation_requests (
    id uuid PRIMARY KEY,
    relation_id uuid NOT NULL REFERENCES core.relations,
    kind text NOT NULL CHECK (kind IN ('leave', 'raise_limit')),
    at timestamptz NOT NULL
);
CREATE INDEX ON core.relation_requests (relation_id, kind, at);
