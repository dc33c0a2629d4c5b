"""What "with" does to things that can be committed."""


class CommittedAtEnd:
    """What is done within the block is committed at its end, or rolled back when it raises."""

    def __enter__(self):
        return self

    def __exit__(self, kind, *unused):
        if kind is None:
            self.commit()
        elif issubclass(kind, Exception):
            self.rollback()
