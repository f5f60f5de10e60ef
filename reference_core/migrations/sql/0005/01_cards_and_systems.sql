-- What others than the agency answer for at a till: the bank and the card's bureau, the vendor, whoever pays the premium.

ALTER TABLE core.people
    ADD COLUMN card_state text NOT NULL DEFAULT 'in_use'
        CHECK (card_state IN ('in_use', 'not_activated', 'reported_lost', 'blocked_by_bank'));

ALTER TABLE core.institutions
    -- 'outdated': the vendor has not brought the till's software up to what sharing needs.
    ADD COLUMN system text NOT NULL DEFAULT 'current' CHECK (system IN ('current', 'outdated'));

ALTER TABLE core.insurances
    -- The last year whose premium is paid; NULL where nobody reported it.
    ADD COLUMN paid_year integer CHECK (paid_year BETWEEN 2000 AND 2999);

ALTER TABLE core.relations
    -- The catalogue's reasons for which an agency turned it down.
    ADD COLUMN rejected_because text[];

CREATE OR REPLACE FUNCTION core.relation_facts(tie core.relations) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT to_jsonb(tie) - '{pack_version,ended_by,pledge_id,member_phone_sealed,verified_by,review_due_from,review_due_by,
                            review_due_assumed,reviewed_by,accepted_by,accepted_verified_by,passcode_hash,member_card_sealed,
                            rejected_because}'::text[];
$$;

CREATE OR REPLACE FUNCTION core.person_facts(asked uuid) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (
        SELECT jsonb_build_object(
            'person', jsonb_build_object(
                'id', p.id, 'sex', p.sex, 'born', p.born, 'region', p.region, 'died_on', p.died_on,
                'conditions', to_jsonb(p.conditions), 'card', p.card_state,
                'voucher_active', v.activated_at IS NOT NULL AND v.suspended_at IS NULL),
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
