-- The two calls that move money at a till. Each is one transaction: key first, then every row the plan rests on locked
-- in one order used everywhere (people, relations, institution, settlement, accounts; each by ascending id), then facts.

CREATE FUNCTION core.claim_key(scope jsonb, with_status integer, with_answer jsonb, claimed_at timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    -- Waits for a transaction that holds the same key; sees its row once it committed.
    INSERT INTO core.idempotency (door, actor, key, operation, body_print, status, answer, at)
        VALUES (scope ->> 'door', scope ->> 'actor', scope ->> 'key', scope ->> 'operation', scope ->> 'body_print',
                with_status, with_answer, claimed_at)
        ON CONFLICT DO NOTHING;
    RETURN FOUND;
END $$;

CREATE FUNCTION core.give_key_back(scope jsonb, why text) RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM core.idempotency
     WHERE door = scope ->> 'door' AND actor = scope ->> 'actor' AND key = scope ->> 'key' AND operation = scope ->> 'operation';
    RETURN jsonb_build_object('outcome', why);
END $$;

CREATE FUNCTION core.lock_for_payment(basis jsonb, at_institution text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    concerned uuid[] := ARRAY(SELECT (basis #>> '{member,person,id}')::uuid
                            UNION SELECT (payer #>> '{facts,person,id}')::uuid FROM jsonb_array_elements(basis -> 'payers') payer);
BEGIN
    PERFORM FROM core.people WHERE id = ANY (concerned) ORDER BY id FOR SHARE;
    PERFORM FROM core.relations
      WHERE id IN (SELECT (payer ->> 'relation_id')::uuid FROM jsonb_array_elements(basis -> 'payers') payer)
      ORDER BY id FOR SHARE;
    PERFORM FROM core.institutions WHERE id = at_institution FOR SHARE;
    PERFORM FROM core.accounts WHERE person_id = ANY (concerned) OR institution_id = at_institution ORDER BY id FOR NO KEY UPDATE;
END $$;

CREATE FUNCTION core.balances_still_do(legs jsonb, exact jsonb, of_year integer) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN NOT EXISTS (
        SELECT FROM (SELECT (leg ->> 'person_id')::uuid AS person_id, sum((leg ->> 'current_year_fen')::bigint) AS current_fen,
                            sum((leg ->> 'prior_year_fen')::bigint) AS prior_fen
                       FROM jsonb_array_elements(legs) leg GROUP BY 1) wanted,
                    core.balance_of(wanted.person_id, of_year) held
         WHERE (held ->> 'current_year_fen')::bigint < wanted.current_fen OR (held ->> 'prior_year_fen')::bigint < wanted.prior_fen)
       AND NOT EXISTS (
        SELECT FROM jsonb_each(exact) planned WHERE core.balance_of(planned.key::uuid, of_year) <> planned.value);
END $$;

CREATE FUNCTION core.write_parts(settlement uuid, legs jsonb, cash_fen bigint, of_year integer) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO core.settlement_parts (settlement_id, position, source, person_id, relation_id, account_id, amount_fen)
        SELECT settlement, row_number() OVER (ORDER BY listed.place, gives.place), leg ->> 'source', (leg ->> 'person_id')::uuid,
               (leg ->> 'relation_id')::uuid, gives.account_id, gives.amount_fen
          FROM jsonb_array_elements(legs) WITH ORDINALITY AS listed (leg, place),
               core.buckets_giving((leg ->> 'person_id')::uuid, of_year, (leg ->> 'current_year_fen')::bigint,
                                   (leg ->> 'prior_year_fen')::bigint) WITH ORDINALITY AS gives (account_id, amount_fen, place);
    INSERT INTO core.settlement_parts (settlement_id, position, source, amount_fen)
        SELECT settlement, 1 + coalesce(max(position), 0), 'cash', cash_fen FROM core.settlement_parts
         WHERE settlement_id = settlement HAVING cash_fen > 0;
END $$;

-- `asked`: scope, status, answer, at, year, month_start, basis, legs, exact, code_print, settlement, events.
-- Answers {outcome: settled | remembered | stale | code_lost}; all but `settled` change nothing.
CREATE FUNCTION core.settle(asked jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    scope jsonb := asked -> 'scope';
    settled jsonb := asked -> 'settlement';
    settlement uuid := settled ->> 'id';
    at_institution text := settled ->> 'institution_id';
    settled_at timestamptz := asked ->> 'at';
    of_year integer := asked ->> 'year';
    transfer bigint;
BEGIN
    IF NOT core.claim_key(scope, (asked ->> 'status')::integer, asked -> 'answer', settled_at) THEN
        RETURN jsonb_build_object('outcome', 'remembered', 'remembered', core.remembered(scope));
    END IF;
    PERFORM core.lock_for_payment(asked -> 'basis', at_institution);
    IF core.payment_basis((settled ->> 'member_id')::uuid, at_institution, (asked ->> 'month_start')::timestamptz)
           IS DISTINCT FROM asked -> 'basis'
       OR NOT core.balances_still_do(asked -> 'legs', asked -> 'exact', of_year) THEN
        RETURN core.give_key_back(scope, 'stale');
    END IF;
    IF asked ->> 'code_print' IS NOT NULL THEN
        UPDATE core.voucher_codes c SET used_at = settled_at
         WHERE c.code_print = asked ->> 'code_print' AND core.code_is_good(c, at_institution, settled_at);
        IF NOT FOUND THEN
            RETURN core.give_key_back(scope, 'code_lost');
        END IF;
    END IF;
    IF jsonb_array_length(asked -> 'legs') > 0 THEN
        INSERT INTO core.transfers (kind, at) VALUES ('settlement', settled_at) RETURNING id INTO transfer;
    END IF;
    INSERT INTO core.settlements (id, institution_id, key, member_id, credential_kind, med_type, bill_fen, fund_fen, own_fen,
                                  payer_fen, cash_fen, reasons, at, transfer_id)
        SELECT s.id, s.institution_id, scope ->> 'key', s.member_id, s.credential_kind, s.med_type, s.bill_fen, s.fund_fen,
               s.own_fen, s.payer_fen, s.cash_fen, s.reasons, settled_at, transfer
          FROM jsonb_populate_record(NULL::core.settlements, settled) s;
    PERFORM core.write_parts(settlement, asked -> 'legs', (settled ->> 'cash_fen')::bigint, of_year);
    INSERT INTO core.postings (transfer_id, account_id, amount_fen)
        SELECT transfer, account_id, -amount_fen FROM core.settlement_parts
         WHERE settlement_id = settlement AND account_id IS NOT NULL ORDER BY account_id;
    INSERT INTO core.postings (transfer_id, account_id, amount_fen)
        SELECT transfer, a.id, (settled ->> 'own_fen')::bigint + (settled ->> 'payer_fen')::bigint
          FROM core.accounts a WHERE a.institution_id = at_institution AND transfer IS NOT NULL;
    PERFORM core.record_events(asked -> 'events', settled_at);
    RETURN jsonb_build_object('outcome', 'settled');
END $$;

-- What was paid and what came back already, part by part in the order of payment.
CREATE FUNCTION core.parts_of(settlement uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
                   'position', s.position, 'source', s.source, 'person_id', s.person_id, 'relation_id', s.relation_id,
                   -- Prior as it was on the day of payment: what came from an account goes back to the same year's bucket.
                   'prior_year', a.deposit_year < extract(year FROM t.at AT TIME ZONE 'Asia/Shanghai'),
                   'amount_fen', s.amount_fen, 'returned_fen', coalesce(b.back_fen, 0)) ORDER BY s.position), '[]')
          FROM core.settlement_parts s
          JOIN core.settlements t ON t.id = s.settlement_id
          LEFT JOIN core.accounts a ON a.id = s.account_id
          LEFT JOIN LATERAL (SELECT sum(p.amount_fen)::bigint AS back_fen FROM core.refund_parts p
                              WHERE p.settlement_id = s.settlement_id AND p.position = s.position) b ON true
         WHERE s.settlement_id = settlement);
END $$;

-- `asked`: scope, status, answer, at, refund_id, settlement_id, parts (as read), returns [{position, amount_fen}], events.
CREATE FUNCTION core.refund(asked jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    scope jsonb := asked -> 'scope';
    settlement uuid := asked ->> 'settlement_id';
    refund uuid := asked ->> 'refund_id';
    refunded_at timestamptz := asked ->> 'at';
    at_institution text;
    to_accounts bigint;
    transfer bigint;
BEGIN
    IF NOT core.claim_key(scope, (asked ->> 'status')::integer, asked -> 'answer', refunded_at) THEN
        RETURN jsonb_build_object('outcome', 'remembered', 'remembered', core.remembered(scope));
    END IF;
    SELECT institution_id INTO at_institution FROM core.settlements WHERE id = settlement FOR UPDATE;
    PERFORM FROM core.accounts
      WHERE institution_id = at_institution
         OR id IN (SELECT p.account_id FROM core.settlement_parts p WHERE p.settlement_id = settlement)
      ORDER BY id FOR NO KEY UPDATE;
    IF core.parts_of(settlement) IS DISTINCT FROM asked -> 'parts' THEN
        RETURN core.give_key_back(scope, 'stale');
    END IF;
    SELECT coalesce(sum((r ->> 'amount_fen')::bigint), 0) INTO to_accounts
      FROM jsonb_array_elements(asked -> 'returns') r
      JOIN core.settlement_parts p ON p.settlement_id = settlement AND p.position = (r ->> 'position')::integer
     WHERE p.account_id IS NOT NULL;
    IF to_accounts > 0 THEN
        INSERT INTO core.transfers (kind, at) VALUES ('refund', refunded_at) RETURNING id INTO transfer;
    END IF;
    INSERT INTO core.refunds (id, settlement_id, key, at, transfer_id)
        VALUES (refund, settlement, scope ->> 'key', refunded_at, transfer);
    INSERT INTO core.refund_parts (refund_id, settlement_id, position, amount_fen)
        SELECT refund, settlement, (r ->> 'position')::integer, (r ->> 'amount_fen')::bigint FROM jsonb_array_elements(asked -> 'returns') r;
    INSERT INTO core.postings (transfer_id, account_id, amount_fen)
        SELECT transfer, p.account_id, r.amount_fen FROM core.refund_parts r
          JOIN core.settlement_parts p ON p.settlement_id = r.settlement_id AND p.position = r.position
         WHERE r.refund_id = refund AND p.account_id IS NOT NULL ORDER BY p.account_id;
    INSERT INTO core.postings (transfer_id, account_id, amount_fen)
        SELECT transfer, a.id, -to_accounts FROM core.accounts a WHERE a.institution_id = at_institution AND transfer IS NOT NULL;
    PERFORM core.record_events(asked -> 'events', refunded_at);
    RETURN jsonb_build_object('outcome', 'refunded');
END $$;
