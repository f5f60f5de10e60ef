-- Each person's inbox: the feed read for one person, with what became of the one push that a notice may cause.

CREATE TABLE app.notices (
    id uuid PRIMARY KEY,
    event_id bigint NOT NULL,
    -- A citizen of the core; no foreign key, so that the register can live in another database.
    person_id uuid NOT NULL,
    kind text NOT NULL,
    -- Ids and figures as the event has them; names are looked up when the notice is read.
    data jsonb NOT NULL,
    at timestamptz NOT NULL,
    read_at timestamptz,
    template text NOT NULL,
    channel text,
    push text NOT NULL CHECK (push IN ('pending', 'pushing', 'sent', 'not_delivered', 'not_allowed')),
    push_after timestamptz NOT NULL,
    push_until timestamptz NOT NULL,
    -- The worker's own word for one attempt: marked before the channel is called, so that no second call follows a crash.
    claim text UNIQUE,
    claimed_at timestamptz,
    tries integer NOT NULL DEFAULT 0,
    CHECK (push <> 'pushing' OR (claim IS NOT NULL AND claimed_at IS NOT NULL AND channel IS NOT NULL)),
    UNIQUE (event_id, person_id)
);
CREATE INDEX ON app.notices (person_id, event_id DESC);
CREATE INDEX notices_to_push ON app.notices (push_after, event_id) WHERE push = 'pending';

-- Only what differs from the defaults: every kind and every channel is pushed, at any hour.
CREATE TABLE app.notice_preferences (
    person_id uuid PRIMARY KEY,
    kinds jsonb NOT NULL DEFAULT '{}',
    channels jsonb NOT NULL DEFAULT '{}',
    quiet_from text,
    quiet_to text,
    CHECK ((quiet_from IS NULL) = (quiet_to IS NULL))
);

-- A channel said that this person wants no more of these: nothing is sent before a new yes.
CREATE TABLE app.notice_stops (
    person_id uuid NOT NULL,
    channel text NOT NULL,
    template text NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (person_id, channel, template)
);

DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'family_register') THEN
        GRANT SELECT, INSERT, UPDATE, DELETE ON app.notices, app.notice_preferences, app.notice_stops TO family_register;
    END IF;
END $$;

-- What was told before its day: each once, however often somebody looks ahead.
CREATE TABLE core.told_ahead (
    kind text NOT NULL,
    subject_id uuid NOT NULL,
    day date NOT NULL,
    PRIMARY KEY (kind, subject_id, day)
);
