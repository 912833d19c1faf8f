"""Pages of what people enter: values of meters, lines of chips."""
