"""The page of the API, /api/docs, made from its OpenAPI description: what each operation takes, gives and refuses."""
