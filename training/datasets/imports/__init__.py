"""From an archive to a data set: inspected, read, decoded, checked, reported."""
