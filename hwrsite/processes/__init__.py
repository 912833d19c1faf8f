"""The processes of the product: each part declares its programs, and one supervisor keeps them all."""
