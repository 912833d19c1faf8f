"""The product as a wheel and as a source archive, and the licences of all that ships with it."""
