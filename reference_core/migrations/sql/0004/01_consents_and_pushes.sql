-- Consents as a ledger, identities whose authorisation was revoked, and callbacks that were taken already.

-- Since then the platform's word no longer names the citizen: they prove themselves anew.
ALTER TABLE app.identities ADD COLUMN revoked_at timestamptz;

ALTER TABLE app.consents
    -- Agreed to before the citizen is known; and kept as evidence when the identity is deleted.
    ALTER COLUMN person_id DROP NOT NULL,
    ALTER COLUMN identity_id DROP NOT NULL,
    ADD COLUMN title text NOT NULL DEFAULT '',
    -- A relative for whom a guardian agreed.
    ADD COLUMN for_person uuid,
    ADD COLUMN withdrawn_at timestamptz,
    ADD CONSTRAINT a_guardian_is_known CHECK (for_person IS NULL OR person_id IS NOT NULL);
ALTER TABLE app.consents ALTER COLUMN title DROP DEFAULT;
CREATE INDEX ON app.consents (identity_id);

CREATE FUNCTION app.consent_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
       AND to_jsonb(NEW) - '{identity_id,person_id,withdrawn_at}'::text[] = to_jsonb(OLD) - '{identity_id,person_id,withdrawn_at}'::text[]
       AND (NEW.person_id IS NOT DISTINCT FROM OLD.person_id OR OLD.person_id IS NULL)
       AND (NEW.identity_id IS NOT DISTINCT FROM OLD.identity_id OR NEW.identity_id IS NULL)
       AND (NEW.withdrawn_at IS NOT DISTINCT FROM OLD.withdrawn_at OR OLD.withdrawn_at IS NULL) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a consent is evidence: it is withdrawn, never changed' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER kept_for_good BEFORE UPDATE OR DELETE ON app.consents FOR EACH ROW EXECUTE FUNCTION app.consent_is_kept();

CREATE TABLE app.pushes (
    channel text NOT NULL,
    -- A hash of the platform's own id: the same whenever it delivers again.
    push_print text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (channel, push_print)
);
CREATE INDEX ON app.pushes (at);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'family_register') THEN
        GRANT SELECT, INSERT, DELETE ON app.pushes TO family_register;
        GRANT DELETE ON app.identities, app.holders TO family_register;
    END IF;
END $$;
