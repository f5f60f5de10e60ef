-- What became of a request: the payer did it, or said that it will not be done.

ALTER TABLE core.relation_requests
    ADD COLUMN answer text CHECK (answer IN ('done', 'declined')),
    ADD COLUMN answered_at timestamptz,
    ADD CONSTRAINT answered_at_some_time CHECK ((answer IS NULL) = (answered_at IS NULL));
