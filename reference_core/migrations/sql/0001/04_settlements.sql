-- What tills settled and gave back, what is remembered under each key, and the feed of events.

CREATE TABLE core.settlements (
    id uuid PRIMARY KEY,
    institution_id text NOT NULL REFERENCES core.institutions,
    key text NOT NULL,
    member_id uuid NOT NULL REFERENCES core.people,
    credential_kind text NOT NULL,
    med_type text NOT NULL,
    bill_fen bigint NOT NULL CHECK (bill_fen > 0),
    fund_fen bigint NOT NULL CHECK (fund_fen >= 0),
    own_fen bigint NOT NULL CHECK (own_fen >= 0),
    payer_fen bigint NOT NULL CHECK (payer_fen >= 0),
    cash_fen bigint NOT NULL CHECK (cash_fen >= 0),
    reasons jsonb NOT NULL,
    at timestamptz NOT NULL,
    transfer_id bigint UNIQUE REFERENCES core.transfers,
    UNIQUE (institution_id, key),
    CONSTRAINT the_parts_are_the_bill CHECK (bill_fen = fund_fen + own_fen + payer_fen + cash_fen)
);
CREATE INDEX ON core.settlements (member_id, at DESC, id DESC);

CREATE TABLE core.settlement_parts (
    settlement_id uuid NOT NULL REFERENCES core.settlements,
    -- The order of payment; money is given back in the reverse of it.
    position integer NOT NULL,
    source text NOT NULL CHECK (source IN ('own', 'payer', 'cash')),
    person_id uuid REFERENCES core.people,
    relation_id uuid REFERENCES core.relations,
    account_id bigint REFERENCES core.accounts,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    PRIMARY KEY (settlement_id, position),
    CONSTRAINT cash_leaves_no_account CHECK ((source = 'cash') = (account_id IS NULL) AND (account_id IS NULL) = (person_id IS NULL)),
    CONSTRAINT a_payer_pays_by_a_relation CHECK ((source = 'payer') = (relation_id IS NOT NULL))
);
CREATE INDEX ON core.settlement_parts (person_id, settlement_id);
CREATE INDEX ON core.settlement_parts (relation_id) WHERE relation_id IS NOT NULL;

CREATE TABLE core.refunds (
    id uuid PRIMARY KEY,
    settlement_id uuid NOT NULL REFERENCES core.settlements,
    key text NOT NULL,
    at timestamptz NOT NULL,
    transfer_id bigint UNIQUE REFERENCES core.transfers
);
CREATE INDEX ON core.refunds (settlement_id);

CREATE TABLE core.refund_parts (
    refund_id uuid NOT NULL REFERENCES core.refunds,
    settlement_id uuid NOT NULL,
    position integer NOT NULL,
    amount_fen bigint NOT NULL CHECK (amount_fen > 0),
    PRIMARY KEY (refund_id, position),
    FOREIGN KEY (settlement_id, position) REFERENCES core.settlement_parts
);
CREATE INDEX ON core.refund_parts (settlement_id, position);

CREATE TRIGGER kept_for_good BEFORE UPDATE OR DELETE ON core.settlements FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER kept_for_good BEFORE UPDATE OR DELETE ON core.settlement_parts FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER kept_for_good BEFORE UPDATE OR DELETE ON core.refunds FOR EACH ROW EXECUTE FUNCTION core.refuse_change();
CREATE TRIGGER kept_for_good BEFORE UPDATE OR DELETE ON core.refund_parts FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

CREATE TABLE core.idempotency (
    door text NOT NULL,
    actor text NOT NULL,
    key text NOT NULL,
    operation text NOT NULL,
    body_print text NOT NULL,
    -- NULL only inside the transaction that is still at work; an answer of NULL with a status is one that is never repeated.
    status integer,
    answer jsonb,
    at timestamptz NOT NULL,
    PRIMARY KEY (door, actor, key, operation)
);

CREATE TABLE core.events (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    -- Given by the one sequencer to rows that are already committed, so that a reader who asks "after" skips none.
    position bigint UNIQUE,
    at timestamptz NOT NULL,
    kind text NOT NULL,
    person_id uuid NOT NULL REFERENCES core.people,
    data jsonb NOT NULL
);
CREATE INDEX events_without_position ON core.events (id) WHERE position IS NULL;

CREATE FUNCTION core.record_events(happened jsonb, happened_at timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO core.events (at, kind, person_id, data)
        SELECT happened_at, e ->> 'kind', (e ->> 'person_id')::uuid, e -> 'data'
          FROM jsonb_array_elements(happened) WITH ORDINALITY AS listed (e, place) ORDER BY place;
END $$;
