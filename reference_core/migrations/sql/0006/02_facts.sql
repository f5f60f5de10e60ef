-- What rules ask about a voucher, and where the code of one was issued.

CREATE OR REPLACE FUNCTION core.person_facts(asked uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'person', jsonb_build_object(
                'id', p.id, 'sex', p.sex, 'born', p.born, 'region', p.region, 'died_on', p.died_on,
                'conditions', to_jsonb(p.conditions), 'card', p.card_state,
                'voucher_active', v.activated_at IS NOT NULL AND v.suspended_at IS NULL,
                'voucher_suspended', v.suspended_at IS NOT NULL,
                'voucher_activated_at', v.activated_at,
                'voucher_checked', coalesce(v.activated_method IN ('face', 'bank_card', 'counter'), false),
                'voucher_by_helper', v.activated_by IS NOT NULL),
            'insurances', (
                SELECT coalesce(jsonb_agg(jsonb_build_object(
                           'insutype', i.insutype, 'status', i.status, 'region', coalesce(i.region, p.region),
                           'paid_year', i.paid_year) ORDER BY i.insutype), '[]')
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

CREATE FUNCTION core.kinship_facts(tie core.kinships) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'id', tie.id, 'helper_id', tie.helper_id, 'relative_id', tie.relative_id, 'kinship', tie.kinship,
        'requested_at', tie.requested_at, 'waits_for', tie.waits_for, 'waits_until', tie.waits_until,
        'confirmed_at', tie.confirmed_at, 'own_consent', tie.own_consent, 'ended_at', tie.ended_at);
$$;

-- Whose credential this is: {person_id, state: good | used | unknown, code_print}; of a code also whose phone showed it, where
-- that phone was, and the places that its holder has just cleared.
CREATE OR REPLACE FUNCTION core.credential_holder(shown_kind text, prints text[], at_institution text, shown_at timestamptz)
RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF shown_kind = 'voucher' THEN
        RETURN (
            SELECT jsonb_build_object('person_id', c.person_id, 'code_print', c.code_print, 'state', CASE
                       WHEN c.used_at IS NOT NULL THEN 'used'
                       WHEN core.code_is_good(c, at_institution, shown_at) THEN 'good' ELSE 'unknown' END,
                       'region', c.region, 'shown_by', c.shown_by, 'cleared', (
                           SELECT coalesce(jsonb_agg(DISTINCT f.region), '[]') FROM core.far_reads f
                            WHERE f.shown_by = c.shown_by AND f.cleared_until > shown_at))
              FROM core.voucher_codes c WHERE c.code_print = ANY (prints));
    END IF;
    RETURN (
        SELECT jsonb_build_object('person_id', p.id, 'state', 'good') FROM core.people p
         WHERE CASE shown_kind WHEN 'id_card' THEN p.number_print ELSE p.card_print END = ANY (prints));
END $$;
