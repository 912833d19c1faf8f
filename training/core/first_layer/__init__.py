"""The first layer, three quarters of all arithmetic at 784-256-128-33: whole (`dense`), or without paper (`sparse`).

`interface.FirstLayer` is all that the rest of a training knows of either; `choice` picks one.
"""
