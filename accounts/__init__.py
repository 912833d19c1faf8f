"""People who sign in. A user model of its own from the first migration, so that fields can be added."""
