-- "Not me": a case about one payment, everything that happened in it, and what anybody reported to the bureau.

CREATE TABLE core.disputes (
    id uuid PRIMARY KEY,
    settlement_id uuid NOT NULL REFERENCES core.settlements,
    opened_by uuid NOT NULL REFERENCES core.people,
    reason_sealed bytea,
    opened_at timestamptz NOT NULL,
    -- The ties that wait for the decision.
    relation_ids uuid[] NOT NULL,
    decision text CHECK (decision IN ('upheld', 'dismissed')),
    decided_at timestamptz,
    decided_by text,
    refund_id uuid REFERENCES core.refunds,
    CONSTRAINT decided_once_and_by_somebody CHECK ((decision IS NULL) = (decided_at IS NULL) AND (decision IS NULL) = (decided_by IS NULL)),
    UNIQUE (settlement_id, opened_by)
);
CREATE INDEX disputes_open ON core.disputes (settlement_id) WHERE decided_at IS NULL;
CREATE INDEX ON core.disputes USING gin (relation_ids);

CREATE TABLE core.dispute_steps (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    dispute_id uuid NOT NULL REFERENCES core.disputes,
    what text NOT NULL CHECK (what IN ('opened', 'frozen', 'upheld', 'dismissed', 'refunded', 'tie_ended', 'stays_frozen', 'thawed')),
    at timestamptz NOT NULL
);
CREATE INDEX ON core.dispute_steps (dispute_id, id);
CREATE TRIGGER kept_for_good BEFORE UPDATE OR DELETE ON core.dispute_steps FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

CREATE TABLE core.reports (
    id uuid PRIMARY KEY,
    receipt_number text NOT NULL UNIQUE,
    person_id uuid NOT NULL REFERENCES core.people,
    kind text NOT NULL CHECK (kind IN ('code_stolen', 'fraud', 'other')),
    text_sealed bytea NOT NULL,
    settlement_id uuid REFERENCES core.settlements,
    region text NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX ON core.reports (region, at);
