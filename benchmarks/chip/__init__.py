"""What the C export takes on a chip: flash, memory and simulated cycles of an ATmega328P."""
