-- What an account held when a payment was through; nothing where the payment did not touch it. Transfers of one account are
-- numbered in the order in which they were posted, since each of them holds the account's lock before it takes its number.

CREATE FUNCTION core.balance_after(owner uuid, settlement uuid) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM core.settlement_parts p WHERE p.settlement_id = settlement AND p.person_id = owner) THEN
        RETURN NULL;
    END IF;
    RETURN (
        SELECT sum(g.amount_fen)::bigint FROM core.accounts a JOIN core.postings g ON g.account_id = a.id
         WHERE a.kind = 'personal' AND a.person_id = owner
           AND g.transfer_id <= (SELECT s.transfer_id FROM core.settlements s WHERE s.id = settlement));
END $$;
