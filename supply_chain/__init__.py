"""What a relay is made of, and whether any of it is known to be vulnerable: `make sbom` and `make audit`."""
