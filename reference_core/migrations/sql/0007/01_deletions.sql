-- Who asked for the deletion of their data, when, and how they proved to be themselves.

CREATE TABLE core.deletions (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES core.people,
    at timestamptz NOT NULL,
    verified_by jsonb NOT NULL
);
CREATE INDEX ON core.deletions (person_id);
CREATE TRIGGER kept_for_good BEFORE UPDATE OR DELETE ON core.deletions FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

-- An ended tie is history, but the phone and the card of a member who asks for it are emptied all the same.
CREATE OR REPLACE FUNCTION core.ended_stays_ended() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    personal text[] := '{member_phone_sealed,member_card_sealed}';
BEGIN
    IF NEW.member_phone_sealed IS NULL AND NEW.member_card_sealed IS NULL AND to_jsonb(NEW) - personal = to_jsonb(OLD) - personal THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'an ended relation is history' USING ERRCODE = 'restrict_violation';
END $$;
