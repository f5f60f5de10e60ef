-- Tries at naming a relative count for where they come from too: one device or network may serve many people.

ALTER TABLE core.member_tries
    -- Keyed prints that the BFF made; null where the caller did not say.
    ADD COLUMN device text,
    ADD COLUMN address text;
CREATE INDEX ON core.member_tries (device, at) WHERE device IS NOT NULL;
CREATE INDEX ON core.member_tries (address, at) WHERE address IS NOT NULL;
