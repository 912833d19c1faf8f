"""The draw page, the pages of models, and the API."""
