-- Who the core knows: people, what they are insured for, their own voucher and its one-time codes, institutions.

CREATE TABLE core.people (
    id uuid PRIMARY KEY,
    cert_type text NOT NULL,
    -- Keyed fingerprints: a person is found by them, and they tell nothing to whoever copies the table.
    number_print text NOT NULL UNIQUE,
    card_print text UNIQUE,
    name_sealed bytea NOT NULL,
    number_sealed bytea NOT NULL,
    phone_sealed bytea,
    phone_assurance text CHECK (phone_assurance IN ('verified', 'unverified')),
    card_sealed bytea,
    bank_cards_sealed bytea,
    sex text NOT NULL CHECK (sex IN ('male', 'female')),
    born date NOT NULL,
    region text NOT NULL CHECK (region ~ '^[0-9]{6}$'),
    conditions text[] NOT NULL DEFAULT '{}',
    died_on date,
    created_at timestamptz NOT NULL
);

CREATE TABLE core.identity_checks (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    person_id uuid NOT NULL REFERENCES core.people,
    verified jsonb NOT NULL,
    at timestamptz NOT NULL
);
CREATE INDEX ON core.identity_checks (person_id);

CREATE TABLE core.insurances (
    person_id uuid NOT NULL REFERENCES core.people,
    insutype text NOT NULL,
    status text NOT NULL CHECK (status IN ('normal', 'suspended', 'arrears', 'frozen', 'transferred_out', 'terminated')),
    -- NULL: held where the person belongs, and moves with them.
    region text CHECK (region ~ '^[0-9]{6}$'),
    PRIMARY KEY (person_id, insutype)
);

CREATE TABLE core.vouchers (
    id uuid PRIMARY KEY,
    person_id uuid NOT NULL UNIQUE REFERENCES core.people,
    activated_at timestamptz,
    suspended_at timestamptz
);

CREATE TABLE core.institutions (
    id text PRIMARY KEY,
    name text NOT NULL,
    region text NOT NULL CHECK (region ~ '^[0-9]{6}$'),
    kind text NOT NULL CHECK (kind IN ('hospital', 'primary_care', 'pharmacy', 'insurer')),
    level integer NOT NULL CHECK (level BETWEEN 1 AND 3),
    capabilities text[] NOT NULL DEFAULT '{}'
);

CREATE TABLE core.voucher_codes (
    code_print text PRIMARY KEY,
    voucher_id uuid NOT NULL REFERENCES core.vouchers,
    person_id uuid NOT NULL REFERENCES core.people,
    issued_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    tied_to text REFERENCES core.institutions,
    tied_until timestamptz,
    used_at timestamptz,
    CHECK ((tied_to IS NULL) = (tied_until IS NULL))
);
CREATE INDEX ON core.voucher_codes (expires_at);

CREATE TABLE core.wrong_credentials (
    institution_id text NOT NULL REFERENCES core.institutions,
    at timestamptz NOT NULL
);
CREATE INDEX ON core.wrong_credentials (institution_id, at);
