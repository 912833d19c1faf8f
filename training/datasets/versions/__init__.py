"""A data set made from another: pictures left out, relabelled or added."""
