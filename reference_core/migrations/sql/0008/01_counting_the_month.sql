-- What a tie has used this month, also where it is the city that sets a cap, and where it was used.
-- `count_all` says that some city in force caps every tie; elsewhere a tie without a cap is not counted, so that payments for
-- one member do not wait for each other.

-- By the region of the institution, less what came back.
CREATE FUNCTION core.spent_by_region(tie uuid, month_start timestamptz) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT coalesce(jsonb_object_agg(spent.region, spent.fen), '{}')
          FROM (SELECT i.region, sum(s.amount_fen - coalesce(b.back_fen, 0))::bigint AS fen
                  FROM core.settlement_parts s
                  JOIN core.settlements t ON t.id = s.settlement_id
                  JOIN core.institutions i ON i.id = t.institution_id
                  LEFT JOIN LATERAL (SELECT sum(p.amount_fen) AS back_fen FROM core.refund_parts p
                                      WHERE p.settlement_id = s.settlement_id AND p.position = s.position) b ON true
                 WHERE s.relation_id = tie AND t.at >= month_start AND t.at < month_start + interval '1 month'
                 GROUP BY i.region) spent);
END $$;

DROP FUNCTION core.payment_basis(uuid, text, timestamptz);

CREATE FUNCTION core.payment_basis(member uuid, at_institution text, month_start timestamptz, count_all boolean)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN jsonb_build_object(
        'member', core.person_facts(member),
        'institution', core.institution_facts(at_institution),
        'payers', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'facts', core.person_facts(tie.payer_id),
                       'relation_id', tie.id,
                       'spent_this_month_fen',
                           CASE WHEN count_all OR tie.monthly_cap_fen IS NOT NULL THEN core.spent_in_month(tie.id, month_start) ELSE 0 END,
                       'spent_by_region', CASE WHEN count_all THEN core.spent_by_region(tie.id, month_start) ELSE '{}' END
                       ) ORDER BY tie.bound_at, tie.id), '[]')
              FROM (SELECT DISTINCT ON (r.payer_id) r.id, r.payer_id, r.bound_at, r.monthly_cap_fen
                      FROM core.relations r WHERE r.member_id = member
                     ORDER BY r.payer_id, r.ended_at DESC NULLS FIRST, r.bound_at DESC) tie));
END $$;

-- As before, but for `count_all` in the question.
CREATE OR REPLACE FUNCTION core.payment_view(asked jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    shown_at timestamptz := asked ->> 'at';
    at_institution text := asked ->> 'institution_id';
    known jsonb := core.remembered(asked -> 'scope');
    holder jsonb;
    basis jsonb;
    wrong_lately bigint;
BEGIN
    IF known IS NOT NULL THEN
        RETURN jsonb_build_object('remembered', known);
    END IF;
    SELECT count(*) INTO wrong_lately FROM core.wrong_credentials w
     WHERE w.institution_id = at_institution AND w.at > (asked ->> 'wrong_since')::timestamptz;
    holder := core.credential_holder(
        asked ->> 'credential_kind', ARRAY(SELECT jsonb_array_elements_text(asked -> 'prints')), at_institution, shown_at);
    basis := core.payment_basis((holder ->> 'person_id')::uuid, at_institution, (asked ->> 'month_start')::timestamptz,
                                (asked ->> 'count_all')::boolean);
    RETURN jsonb_build_object(
        'wrong_lately', wrong_lately, 'holder', holder, 'basis', basis,
        'balances', (
            SELECT jsonb_object_agg(id, core.balance_of(id::uuid, (asked ->> 'year')::integer))
              FROM (SELECT basis #>> '{member,person,id}' AS id
                     UNION SELECT payer #>> '{facts,person,id}' FROM jsonb_array_elements(basis -> 'payers') payer) people
             WHERE id IS NOT NULL),
        'names', (
            SELECT jsonb_object_agg(p.id, encode(p.name_sealed, 'hex')) FROM core.people p
             WHERE p.id::text IN (SELECT basis #>> '{member,person,id}'
                                   UNION SELECT payer #>> '{facts,person,id}' FROM jsonb_array_elements(basis -> 'payers') payer)));
END $$;

-- As before, but for `count_all` in what is asked.
CREATE OR REPLACE FUNCTION core.settle(asked jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
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
    IF core.payment_basis((settled ->> 'member_id')::uuid, at_institution, (asked ->> 'month_start')::timestamptz,
                          (asked ->> 'count_all')::boolean)
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
