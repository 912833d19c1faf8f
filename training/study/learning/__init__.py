"""How a network learns: what the teaching page is made of."""
