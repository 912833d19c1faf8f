"""Where the files are that rows speak of: in the folder of all state, or in an object store that many machines share.

The whole product asks `places`; what it needs of a store is `objects.Objects`.
"""
