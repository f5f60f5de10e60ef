-- The app register beside the core: channel identities and consents, kept by a role that cannot see the core's tables.

CREATE SCHEMA app;

CREATE TABLE app.holders (
    id uuid PRIMARY KEY,
    -- A citizen of the core; no foreign key, so that the register can live in another database.
    person_id uuid,
    created_at timestamptz NOT NULL
);

CREATE TABLE app.identities (
    id uuid PRIMARY KEY,
    channel text NOT NULL,
    app_id text NOT NULL,
    kind text NOT NULL,
    subject text NOT NULL,
    holder_id uuid NOT NULL REFERENCES app.holders,
    created_at timestamptz NOT NULL,
    UNIQUE (channel, app_id, kind, subject)
);
CREATE INDEX ON app.identities (holder_id);

CREATE TABLE app.consents (
    id uuid PRIMARY KEY,
    identity_id uuid NOT NULL REFERENCES app.identities,
    person_id uuid NOT NULL,
    purpose text NOT NULL,
    text text NOT NULL,
    text_hash text NOT NULL,
    version text NOT NULL,
    channel text NOT NULL,
    agreed_at timestamptz NOT NULL
);
CREATE INDEX ON app.consents (person_id);

CREATE TABLE app.idempotency (
    door text NOT NULL,
    actor text NOT NULL,
    key text NOT NULL,
    operation text NOT NULL,
    body_print text NOT NULL,
    status integer,
    answer jsonb,
    at timestamptz NOT NULL,
    PRIMARY KEY (door, actor, key, operation)
);

DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'family_register') THEN
        CREATE ROLE family_register NOLOGIN;
    END IF;
    GRANT family_register TO CURRENT_USER;
    GRANT USAGE ON SCHEMA app TO family_register;
    GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA app TO family_register;
EXCEPTION
    -- Where this user may not make roles the register works as the core's user; the operations page tells how to part them.
    WHEN insufficient_privilege THEN RAISE NOTICE 'no role family_register: this user may not create roles';
    WHEN duplicate_object OR unique_violation THEN
        GRANT family_register TO CURRENT_USER;
        GRANT USAGE ON SCHEMA app TO family_register;
        GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA app TO family_register;
END $$;
