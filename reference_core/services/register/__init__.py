"""The register of the app: identities, consents, and one's own data told or forgotten."""
