-- Why a clerk found nothing wrong, in one word, which both sides are told.
ALTER TABLE core.disputes ADD COLUMN because text CHECK (because IN ('family_visit', 'own_code', 'records_agree')),
    ADD CONSTRAINT only_a_dismissal_says_why CHECK (because IS NULL OR decision IS NOT DISTINCT FROM 'dismissed');
