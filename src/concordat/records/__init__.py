"""The register: what forces recorded, logged once, owned for ever, with where it came from."""
