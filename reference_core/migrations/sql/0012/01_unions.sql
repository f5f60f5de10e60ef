-- One account of a platform is found by its union id, whichever of the owner's apps it signed in to.
CREATE INDEX identities_by_union ON app.identities (subject) WHERE kind = 'union_id';
