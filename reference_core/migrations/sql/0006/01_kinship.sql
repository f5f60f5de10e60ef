-- Whose voucher may be shown on whose phone, how a voucher was activated and by whom, and where codes were read.

ALTER TABLE core.vouchers
    -- NULL where an agency reported it: what it saw is not known here.
    ADD COLUMN activated_method text CHECK (activated_method IN ('face', 'bank_card', 'counter', 'guardian', 'none')),
    ADD COLUMN activated_by uuid REFERENCES core.people;

CREATE TABLE core.kinships (
    id uuid PRIMARY KEY,
    helper_id uuid NOT NULL REFERENCES core.people,
    relative_id uuid NOT NULL REFERENCES core.people,
    -- GB/T 4761: what the relative is to the helper.
    kinship text NOT NULL CHECK (kinship ~ '^[0-9]{2}$'),
    requested_at timestamptz NOT NULL,
    waits_for text CHECK (waits_for IN ('counter', 'relative')),
    waits_until timestamptz,
    slip text UNIQUE,
    confirmed_at timestamptz,
    own_consent boolean NOT NULL DEFAULT false,
    own_pledge_id uuid REFERENCES core.pledges,
    guardian_pledge_id uuid REFERENCES core.pledges,
    verified_by jsonb,
    confirmed_by text,
    ended_at timestamptz,
    end_reason text,
    ended_by uuid REFERENCES core.people,
    CHECK (helper_id <> relative_id),
    CHECK ((waits_for IS NULL) = (waits_until IS NULL)),
    CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);
CREATE UNIQUE INDEX one_kinship_per_pair ON core.kinships (helper_id, relative_id) WHERE ended_at IS NULL;
CREATE INDEX ON core.kinships (helper_id);
CREATE INDEX ON core.kinships (relative_id);
CREATE TRIGGER kept_for_good BEFORE DELETE ON core.kinships FOR EACH ROW EXECUTE FUNCTION core.refuse_change();

-- Every activation by a helper, with where it came from as keyed prints, so that many on one device are seen.
CREATE TABLE core.proxy_activations (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    kinship_id uuid NOT NULL REFERENCES core.kinships,
    helper_id uuid NOT NULL REFERENCES core.people,
    device_print text,
    address_print text,
    at timestamptz NOT NULL
);
CREATE INDEX ON core.proxy_activations (helper_id, at);
CREATE INDEX ON core.proxy_activations (device_print, at) WHERE device_print IS NOT NULL;
CREATE INDEX ON core.proxy_activations (address_print, at) WHERE address_print IS NOT NULL;

CREATE TABLE core.alerts (
    id uuid PRIMARY KEY,
    kind text NOT NULL CHECK (kind IN ('device', 'address')),
    print text NOT NULL,
    helpers integer NOT NULL,
    activations integer NOT NULL,
    first_at timestamptz NOT NULL,
    last_at timestamptz NOT NULL,
    UNIQUE (kind, print)
);

-- A look into the camera proves one act; a keyed print of each that was used.
CREATE TABLE core.used_checks (
    check_print text PRIMARY KEY,
    at timestamptz NOT NULL
);

ALTER TABLE core.voucher_codes
    ADD COLUMN region text CHECK (region ~ '^[0-9]{6}$'),
    ADD COLUMN shown_by uuid REFERENCES core.people;

CREATE TABLE core.far_reads (
    code_print text PRIMARY KEY,
    shown_by uuid NOT NULL REFERENCES core.people,
    region text NOT NULL,
    at timestamptz NOT NULL,
    cleared_until timestamptz
);
CREATE INDEX ON core.far_reads (shown_by, at);
