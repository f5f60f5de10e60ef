-- Double entry in integer fen: postings are the truth, the totals on an account are kept from them by a trigger.

CREATE FUNCTION core.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is never allowed', TG_OP, TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TABLE core.accounts (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('personal', 'institution', 'funding')),
    person_id uuid REFERENCES core.people,
    -- A personal account is one row per year of deposit, so that New Year needs no batch: "prior" is a comparison.
    deposit_year integer,
    institution_id text REFERENCES core.institutions,
    region text,
    debits_fen bigint NOT NULL DEFAULT 0 CHECK (debits_fen >= 0),
    credits_fen bigint NOT NULL DEFAULT 0 CHECK (credits_fen >= 0),
    balance_fen bigint GENERATED ALWAYS AS (credits_fen - debits_fen) STORED,
    CONSTRAINT personal_balance_is_never_negative CHECK (kind <> 'personal' OR credits_fen >= debits_fen),
    CONSTRAINT personal_account_has_its_owner_and_year CHECK ((kind = 'personal') = (person_id IS NOT NULL AND deposit_year IS NOT NULL)),
    CONSTRAINT institution_account_has_its_owner CHECK ((kind = 'institution') = (institution_id IS NOT NULL)),
    CONSTRAINT funding_account_has_its_region CHECK ((kind = 'funding') = (region IS NOT NULL))
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX one_account_per_person_and_year ON core.accounts (person_id, deposit_year) WHERE kind = 'personal';
CREATE UNIQUE INDEX one_account_per_institution ON core.accounts (institution_id) WHERE kind = 'institution';
CREATE UNIQUE INDEX one_funding_account_per_region ON core.accounts (region) WHERE kind = 'funding';

CREATE TABLE core.transfers (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('deposit', 'adjustment', 'settlement', 'refund')),
    at timestamptz NOT NULL
);

CREATE TABLE core.postings (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transfer_id bigint NOT NULL REFERENCES core.transfers,
    account_id bigint NOT NULL REFERENCES core.accounts,
    -- Positive is a credit, negative a debit.
    amount_fen bigint NOT NULL CHECK (amount_fen <> 0)
);
CREATE INDEX ON core.postings (transfer_id);
CREATE INDEX ON core.postings (account_id);

CREATE FUNCTION core.add_posting_to_totals() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE core.accounts
       SET debits_fen = debits_fen + greatest(-NEW.amount_fen, 0), credits_fen = credits_fen + greatest(NEW.amount_fen, 0)
     WHERE id = NEW.account_id;
    RETURN NULL;
END $$;
CREATE TRIGGER add_to_totals AFTER INSERT ON core.postings FOR EACH ROW EXECUTE FUNCTION core.add_posting_to_totals();

CREATE FUNCTION core.totals_come_from_postings() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Depth 2 means that the trigger on postings is what updates.
    IF TG_OP = 'INSERT' AND (NEW.debits_fen, NEW.credits_fen) = (0, 0) OR TG_OP = 'UPDATE' AND pg_trigger_depth() >= 2 THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the totals of an account change by postings only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER totals_come_from_postings BEFORE INSERT OR UPDATE OF debits_fen, credits_fen ON core.accounts
    FOR EACH ROW EXECUTE FUNCTION core.totals_come_from_postings();

CREATE FUNCTION core.transfer_sums_to_zero() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (SELECT sum(amount_fen) FROM core.postings WHERE transfer_id = NEW.transfer_id) <> 0 THEN
        RAISE EXCEPTION 'the postings of transfer % do not add to zero', NEW.transfer_id USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER transfer_sums_to_zero AFTER INSERT ON core.postings DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION core.transfer_sums_to_zero();

CREATE TRIGGER kept_for_good BEFORE UPDATE OR DELETE ON core.transfers FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER kept_for_good BEFORE UPDATE OR DELETE ON core.postings FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON core.postings FOR EACH STATEMENT EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER kept_for_good BEFORE DELETE ON core.accounts FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

-- Which buckets give the money: this year's or the prior years', and of the prior ones the oldest first.
CREATE FUNCTION core.buckets_giving(giver uuid, of_year integer, current_fen bigint, prior_fen bigint)
RETURNS TABLE (account_id bigint, amount_fen bigint) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY
    SELECT b.id, least(b.balance_fen, b.wanted_fen - b.before_fen)
      FROM (SELECT a.id, a.balance_fen, a.deposit_year,
                   CASE WHEN a.deposit_year >= of_year THEN current_fen ELSE prior_fen END AS wanted_fen,
                   (sum(a.balance_fen) OVER (PARTITION BY a.deposit_year >= of_year ORDER BY a.deposit_year) - a.balance_fen)::bigint
                       AS before_fen
              FROM core.accounts a
             WHERE a.kind = 'personal' AND a.person_id = giver AND a.balance_fen > 0) b
     WHERE b.before_fen < b.wanted_fen
     ORDER BY b.deposit_year >= of_year DESC, b.deposit_year;
END $$;

CREATE FUNCTION core.balance_of(owner uuid, of_year integer) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object(
                       'prior_year_fen', coalesce(sum(balance_fen) FILTER (WHERE deposit_year < of_year), 0)::bigint,
                       'current_year_fen', coalesce(sum(balance_fen) FILTER (WHERE deposit_year >= of_year), 0)::bigint)
              FROM core.accounts WHERE kind = 'personal' AND person_id = owner);
END $$;

-- Brings money into a person's buckets from their region's funding account, or back: `moves` is {year: signed fen}.
CREATE FUNCTION core.move_money(owner uuid, funded_by text, moves jsonb, why text, moved_at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    made bigint;
    funding bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM jsonb_each_text(moves) WHERE value::bigint <> 0) THEN
        RETURN;
    END IF;
    INSERT INTO core.accounts (kind, region) VALUES ('funding', funded_by) ON CONFLICT DO NOTHING;
    INSERT INTO core.accounts (kind, person_id, deposit_year)
        SELECT 'personal', owner, key::integer FROM jsonb_each_text(moves) ORDER BY key ON CONFLICT DO NOTHING;
    SELECT id INTO funding FROM core.accounts WHERE kind = 'funding' AND region = funded_by;
    PERFORM FROM core.accounts WHERE id = funding OR (kind = 'personal' AND person_id = owner) ORDER BY id FOR NO KEY UPDATE;
    INSERT INTO core.transfers (kind, at) VALUES (why, moved_at) RETURNING id INTO made;
    INSERT INTO core.postings (transfer_id, account_id, amount_fen)
        SELECT made, a.id, m.value::bigint
          FROM jsonb_each_text(moves) m
          JOIN core.accounts a ON a.kind = 'personal' AND a.person_id = owner AND a.deposit_year = m.key::integer
         WHERE m.value::bigint <> 0;
    INSERT INTO core.postings (transfer_id, account_id, amount_fen)
        SELECT made, funding, -moved FROM (SELECT sum(value::bigint) AS moved FROM jsonb_each_text(moves)) m WHERE moved <> 0;
END $$;

-- Sets what a person's account holds, by one posting for the difference; without `prior_fen` the current year takes it first.
CREATE FUNCTION core.set_balance(owner uuid, funded_by text, of_year integer, total_fen bigint, wanted_prior_fen bigint, set_at timestamptz)
RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    held jsonb;
    prior_now bigint;
    current_now bigint;
    prior_fen bigint;
    moves jsonb;
BEGIN
    PERFORM FROM core.accounts WHERE kind = 'personal' AND person_id = owner ORDER BY id FOR NO KEY UPDATE;
    held := core.balance_of(owner, of_year);
    prior_now := (held ->> 'prior_year_fen')::bigint;
    current_now := (held ->> 'current_year_fen')::bigint;
    prior_fen := coalesce(wanted_prior_fen, least(prior_now, total_fen));
    SELECT coalesce(jsonb_object_agg(a.deposit_year, -b.amount_fen), '{}') INTO moves
      FROM core.buckets_giving(owner, of_year, greatest(current_now - (total_fen - prior_fen), 0), greatest(prior_now - prior_fen, 0)) b
      JOIN core.accounts a ON a.id = b.account_id;
    IF total_fen - prior_fen > current_now THEN
        moves := moves || jsonb_build_object(of_year::text, total_fen - prior_fen - current_now);
    END IF;
    IF prior_fen > prior_now THEN
        moves := moves || jsonb_build_object((of_year - 1)::text, prior_fen - prior_now);
    END IF;
    PERFORM core.move_money(owner, funded_by, moves, 'adjustment', set_at);
END $$;
