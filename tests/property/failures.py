"""What trying a pair can end in."""


class Failure(Exception):
    """Limbeck's fault."""


class RowsDoNotFit(Exception):
    """What a plan cannot know: rows that do not fit what the new schema asks for."""


class NotLoaded(Exception):
    """A schema that the database refuses: the generator's fault."""
