-- What a city lets people agree on when a tie is made, and who waved it through.

ALTER TABLE core.relations
    ADD COLUMN starts_on date,
    ADD COLUMN review_due_from date,
    ADD COLUMN review_due_by date,
    -- No calendar of that year was known: weekdays were counted.
    ADD COLUMN review_due_assumed boolean NOT NULL DEFAULT false,
    ADD COLUMN reviewed_by text,
    ADD COLUMN accepted_by uuid REFERENCES core.people,
    ADD COLUMN accepted_verified_by jsonb,
    ADD COLUMN passcode_hash text,
    ADD COLUMN member_card_sealed bytea,
    ADD CONSTRAINT review_days_stand_in_order CHECK (review_due_from <= review_due_by),
    ADD CONSTRAINT last_day_is_not_before_the_first CHECK (ends_on >= starts_on);
CREATE INDEX relations_under_review ON core.relations (region, review_due_by)
    WHERE needs_review AND reviewed_at IS NULL AND ended_at IS NULL;

CREATE OR REPLACE FUNCTION core.relation_facts(tie core.relations) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT to_jsonb(tie) - '{pack_version,ended_by,pledge_id,member_phone_sealed,verified_by,review_due_from,review_due_by,
                            review_due_assumed,reviewed_by,accepted_by,accepted_verified_by,passcode_hash,member_card_sealed}'::text[];
$$;
