-- Photos that prove a tie, and how often somebody tried to name a relative in vain.

CREATE TABLE core.uploads (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES core.people,
    media_type text NOT NULL CHECK (media_type IN ('image/jpeg', 'image/png')),
    sealed bytea NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    relation_id uuid REFERENCES core.relations,
    purpose text,
    CONSTRAINT claimed_for_a_purpose CHECK ((relation_id IS NULL) = (purpose IS NULL))
);
CREATE INDEX uploads_unclaimed ON core.uploads (expires_at) WHERE relation_id IS NULL;
CREATE INDEX ON core.uploads (relation_id) WHERE relation_id IS NOT NULL;

CREATE TABLE core.member_tries (
    person_id uuid NOT NULL REFERENCES core.people,
    -- A keyed hash of the name and number tried: saying the same thing again is no new try.
    try_print text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (person_id, try_print)
);
