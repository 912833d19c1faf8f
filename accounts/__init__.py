"""People who sign in. Our own user model from the first migration, so that it can grow."""
