"""What keeps a model from being exported."""


class ExportError(ValueError):
    """A model that this format cannot have, or a package that is missing; one sentence for whoever asked."""
