-- Mutual aid: pledges as they were signed, accounts and relations with their whole history.

CREATE TABLE core.pledges (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES core.people,
    purpose text NOT NULL,
    title text NOT NULL,
    text text[] NOT NULL,
    text_hash text NOT NULL,
    region text NOT NULL,
    version text NOT NULL,
    signed_at timestamptz NOT NULL,
    verified_by jsonb NOT NULL
);
CREATE INDEX ON core.pledges (person_id, signed_at);
CREATE TRIGGER kept_for_good BEFORE UPDATE OR DELETE ON core.pledges FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

CREATE TABLE core.mutual_aid_accounts (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES core.people,
    region text NOT NULL,
    pack_version text NOT NULL,
    opened_at timestamptz NOT NULL,
    suspended_at timestamptz,
    closed_at timestamptz,
    pledge_id uuid REFERENCES core.pledges,
    phone_sealed bytea,
    verified_by jsonb NOT NULL
);
CREATE UNIQUE INDEX one_open_mutual_aid_account ON core.mutual_aid_accounts (person_id) WHERE closed_at IS NULL;
CREATE TRIGGER kept_for_good BEFORE DELETE ON core.mutual_aid_accounts FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

CREATE TABLE core.relations (
    id uuid PRIMARY KEY,
    payer_id uuid NOT NULL REFERENCES core.people,
    member_id uuid NOT NULL REFERENCES core.people,
    -- GB/T 4761: what the member is to the payer.
    kinship text NOT NULL CHECK (kinship ~ '^[0-9]{2}$'),
    region text NOT NULL,
    pack_version text NOT NULL,
    bound_at timestamptz NOT NULL,
    effective_from timestamptz,
    ended_at timestamptz,
    end_reason text,
    ended_by uuid REFERENCES core.people,
    suspended_at timestamptz,
    disputed_at timestamptz,
    needs_review boolean NOT NULL DEFAULT false,
    reviewed_at timestamptz,
    needs_acceptance boolean NOT NULL DEFAULT false,
    accepted_at timestamptz,
    monthly_cap_fen bigint CHECK (monthly_cap_fen > 0),
    scopes text[],
    ends_on date,
    members_order integer NOT NULL DEFAULT 0,
    payers_order integer NOT NULL DEFAULT 0,
    pledge_id uuid REFERENCES core.pledges,
    member_phone_sealed bytea,
    verified_by jsonb NOT NULL,
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE UNIQUE INDEX one_standing_relation_per_pair ON core.relations (payer_id, member_id) WHERE ended_at IS NULL;
CREATE INDEX ON core.relations (payer_id);
CREATE INDEX ON core.relations (member_id);
CREATE TRIGGER kept_for_good BEFORE DELETE ON core.relations FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

CREATE FUNCTION core.ended_stays_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an ended relation is history' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER ended_stays_ended BEFORE UPDATE ON core.relations
    FOR EACH ROW WHEN (OLD.ended_at IS NOT NULL) EXECUTE FUNCTION core.ended_stays_ended();
