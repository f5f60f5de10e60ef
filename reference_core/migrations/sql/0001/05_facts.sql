-- Facts as one JSON value each, so that what was read can be compared with what still holds.
-- PL/pgSQL, because PostgreSQL before 18 plans an SQL function anew at every call.

CREATE FUNCTION core.relation_facts(tie core.relations) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT to_jsonb(tie) - '{pack_version,ended_by,pledge_id,member_phone_sealed,verified_by}'::text[];
$$;

CREATE FUNCTION core.person_facts(asked uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'person', jsonb_build_object(
                'id', p.id, 'sex', p.sex, 'born', p.born, 'region', p.region, 'died_on', p.died_on,
                'conditions', to_jsonb(p.conditions),
                'voucher_active', v.activated_at IS NOT NULL AND v.suspended_at IS NULL),
            'insurances', (
                SELECT coalesce(jsonb_agg(jsonb_build_object(
                           'insutype', i.insutype, 'status', i.status, 'region', coalesce(i.region, p.region)) ORDER BY i.insutype), '[]')
                  FROM core.insurances i WHERE i.person_id = p.id),
            'account_opened', EXISTS (
                SELECT FROM core.mutual_aid_accounts a
                 WHERE a.person_id = p.id AND a.closed_at IS NULL AND a.suspended_at IS NULL),
            'as_payer', (
                SELECT coalesce(jsonb_agg(core.relation_facts(r) ORDER BY r.id), '[]') FROM core.relations r WHERE r.payer_id = p.id),
            'as_member', (
                SELECT coalesce(jsonb_agg(core.relation_facts(r) ORDER BY r.id), '[]') FROM core.relations r WHERE r.member_id = p.id))
          FROM core.people p JOIN core.vouchers v ON v.person_id = p.id
         WHERE p.id = asked);
END $$;

CREATE FUNCTION core.institution_facts(asked text) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT to_jsonb(i) FROM core.institutions i WHERE i.id = asked);
END $$;

-- What a relation's payer paid for its member in the month that began at `month_start`, less what came back.
CREATE FUNCTION core.spent_in_month(tie uuid, month_start timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT coalesce(sum(s.amount_fen - coalesce(b.back_fen, 0)), 0)::bigint
          FROM core.settlement_parts s
          JOIN core.settlements t ON t.id = s.settlement_id
          LEFT JOIN LATERAL (SELECT sum(p.amount_fen) AS back_fen FROM core.refund_parts p
                              WHERE p.settlement_id = s.settlement_id AND p.position = s.position) b ON true
         WHERE s.relation_id = tie AND t.at >= month_start AND t.at < month_start + interval '1 month');
END $$;

-- All that a plan of payment rests on, save balances: those change all day and are checked by amount instead.
-- Of each payer the standing relation counts, or the one that ended last, so that a till can say that it ended.
CREATE FUNCTION core.payment_basis(member uuid, at_institution text, month_start timestamptz) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN jsonb_build_object(
        'member', core.person_facts(member),
        'institution', core.institution_facts(at_institution),
        'payers', (
            SELECT coalesce(jsonb_agg(jsonb_build_object(
                       'facts', core.person_facts(tie.payer_id),
                       'relation_id', tie.id,
                       'spent_this_month_fen',
                           CASE WHEN tie.monthly_cap_fen IS NOT NULL THEN core.spent_in_month(tie.id, month_start) ELSE 0 END
                       ) ORDER BY tie.bound_at, tie.id), '[]')
              FROM (SELECT DISTINCT ON (r.payer_id) r.id, r.payer_id, r.bound_at, r.monthly_cap_fen
                      FROM core.relations r WHERE r.member_id = member
                     ORDER BY r.payer_id, r.ended_at DESC NULLS FIRST, r.bound_at DESC) tie));
END $$;

CREATE FUNCTION core.remembered(scope jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT jsonb_build_object('body_print', i.body_print, 'status', i.status, 'answer', i.answer)
              FROM core.idempotency i
             WHERE i.door = scope ->> 'door' AND i.actor = scope ->> 'actor'
               AND i.key = scope ->> 'key' AND i.operation = scope ->> 'operation');
END $$;

-- Whose credential this is: {person_id, state: good | used | unknown, code_print}.
CREATE FUNCTION core.credential_holder(shown_kind text, prints text[], at_institution text, shown_at timestamptz)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF shown_kind = 'voucher' THEN
        RETURN (
            SELECT jsonb_build_object('person_id', c.person_id, 'code_print', c.code_print, 'state', CASE
                       WHEN c.used_at IS NOT NULL THEN 'used'
                       WHEN core.code_is_good(c, at_institution, shown_at) THEN 'good' ELSE 'unknown' END)
              FROM core.voucher_codes c WHERE c.code_print = ANY (prints));
    END IF;
    RETURN (
        SELECT jsonb_build_object('person_id', p.id, 'state', 'good') FROM core.people p
         WHERE CASE shown_kind WHEN 'id_card' THEN p.number_print ELSE p.card_print END = ANY (prints));
END $$;

-- An unused code is good until it expires, or at the institution that presettled with it, until that tie ends.
CREATE FUNCTION core.code_is_good(code core.voucher_codes, at_institution text, shown_at timestamptz)
RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT code.used_at IS NULL
       AND CASE WHEN code.tied_to IS NULL THEN shown_at < code.expires_at
                ELSE code.tied_to = at_institution AND shown_at < code.tied_until END;
$$;

-- One trip for all that a till's question needs before planning.
CREATE FUNCTION core.payment_view(asked jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
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
    basis := core.payment_basis((holder ->> 'person_id')::uuid, at_institution, (asked ->> 'month_start')::timestamptz);
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
