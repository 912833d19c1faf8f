"""The rows of an installation, whatever database has them: copied, counted, hashed, with their sequences."""
