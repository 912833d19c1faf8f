"""What the thesis did not ask: experiments of our own, as data, measured in the same form."""
