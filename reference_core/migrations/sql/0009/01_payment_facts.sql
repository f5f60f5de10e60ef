-- What a plan of payment rests on, read by one function for tills and for payments that are only imagined.

CREATE FUNCTION core.payment_facts(member uuid, asked jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    basis jsonb := core.payment_basis(member, asked ->> 'institution_id', (asked ->> 'month_start')::timestamptz,
                                      (asked ->> 'count_all')::boolean);
BEGIN
    RETURN jsonb_build_object(
        'basis', basis,
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

-- As before, but for where the facts are read.
CREATE OR REPLACE FUNCTION core.payment_view(asked jsonb) RETURNS jsonb LANGUAGE plpgsql STABLE AS $$
DECLARE
    at_institution text := asked ->> 'institution_id';
    known jsonb := core.remembered(asked -> 'scope');
    holder jsonb;
    wrong_lately bigint;
BEGIN
    IF known IS NOT NULL THEN
        RETURN jsonb_build_object('remembered', known);
    END IF;
    SELECT count(*) INTO wrong_lately FROM core.wrong_credentials w
     WHERE w.institution_id = at_institution AND w.at > (asked ->> 'wrong_since')::timestamptz;
    holder := core.credential_holder(
        asked ->> 'credential_kind', ARRAY(SELECT jsonb_array_elements_text(asked -> 'prints')), at_institution,
        (asked ->> 'at')::timestamptz);
    RETURN jsonb_build_object('wrong_lately', wrong_lately, 'holder', holder)
        || core.payment_facts((holder ->> 'person_id')::uuid, asked);
END $$;
