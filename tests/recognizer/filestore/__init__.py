"""Files in a store that many machines share."""
