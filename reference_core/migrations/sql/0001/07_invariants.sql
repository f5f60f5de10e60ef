-- What must hold of the books at every moment; no row means that it does.
CREATE VIEW core.ledger_violations AS
    SELECT 'transfer_does_not_sum_to_zero' AS rule, transfer_id::text AS where_found
      FROM core.postings GROUP BY transfer_id HAVING sum(amount_fen) <> 0
    UNION ALL
    SELECT 'transfer_without_postings', t.id::text FROM core.transfers t
     WHERE NOT EXISTS (SELECT FROM core.postings p WHERE p.transfer_id = t.id)
    UNION ALL
    SELECT 'account_totals_differ_from_postings', a.id::text
      FROM core.accounts a LEFT JOIN core.postings p ON p.account_id = a.id
     GROUP BY a.id
    HAVING a.credits_fen <> coalesce(sum(p.amount_fen) FILTER (WHERE p.amount_fen > 0), 0)
        OR a.debits_fen <> coalesce(-sum(p.amount_fen) FILTER (WHERE p.amount_fen < 0), 0)
    UNION ALL
    SELECT 'personal_account_below_zero', id::text FROM core.accounts WHERE kind = 'personal' AND balance_fen < 0
    UNION ALL
    SELECT 'settlement_parts_differ_from_its_figures', s.id::text
      FROM core.settlements s LEFT JOIN core.settlement_parts p ON p.settlement_id = s.id
     GROUP BY s.id
    HAVING s.own_fen <> coalesce(sum(p.amount_fen) FILTER (WHERE p.source = 'own'), 0)
        OR s.payer_fen <> coalesce(sum(p.amount_fen) FILTER (WHERE p.source = 'payer'), 0)
        OR s.cash_fen <> coalesce(sum(p.amount_fen) FILTER (WHERE p.source = 'cash'), 0)
    UNION ALL
    SELECT 'settlement_parts_differ_from_postings', s.id::text
      FROM core.settlements s
     WHERE EXISTS (
        (SELECT p.account_id, -p.amount_fen FROM core.settlement_parts p WHERE p.settlement_id = s.id AND p.account_id IS NOT NULL
         EXCEPT ALL
         SELECT g.account_id, g.amount_fen FROM core.postings g WHERE g.transfer_id = s.transfer_id)
        UNION ALL
        (SELECT g.account_id, g.amount_fen FROM core.postings g JOIN core.accounts a ON a.id = g.account_id
          WHERE g.transfer_id = s.transfer_id AND a.kind = 'personal'
         EXCEPT ALL
         SELECT p.account_id, -p.amount_fen FROM core.settlement_parts p WHERE p.settlement_id = s.id AND p.account_id IS NOT NULL))
    UNION ALL
    SELECT 'refund_parts_differ_from_postings', r.id::text
      FROM core.refunds r
     WHERE EXISTS (
        SELECT p.account_id, b.amount_fen FROM core.refund_parts b
          JOIN core.settlement_parts p ON p.settlement_id = b.settlement_id AND p.position = b.position
         WHERE b.refund_id = r.id AND p.account_id IS NOT NULL
        EXCEPT ALL
        SELECT g.account_id, g.amount_fen FROM core.postings g WHERE g.transfer_id = r.transfer_id)
    UNION ALL
    SELECT 'more_refunded_than_paid', p.settlement_id::text
      FROM core.settlement_parts p JOIN core.refund_parts b ON b.settlement_id = p.settlement_id AND b.position = p.position
     GROUP BY p.settlement_id, p.position, p.amount_fen HAVING sum(b.amount_fen) > p.amount_fen;
