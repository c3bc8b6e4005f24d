"""Which of the archive's files a query opened."""

from __future__ import annotations

from typing import Any


class OpenedFiles:
    """Counts: `files` there were, those in `names` a query went through."""

    def __init__(self) -> None:
        self.files = 0
        self.names: set[str] = set()

    def dataset(self, fragments: list[Any], *given: Any) -> Any:
        """A `FileSystemDataset` of pyarrow's that notes which of its fragments a scan goes through.

        A file system in Python would know too, but Arrow calls it from its own threads while DuckDB waits for
        them with Python's lock in hand: both wait for ever.
        """
        from pyarrow import dataset

        names = self.names

        class Watched(dataset.FileSystemDataset):  # type: ignore[misc]
            """What `filter` leaves by the files' statistics is what is opened."""

            def scanner(self, **asked: Any) -> Any:
                names.update(fragment.path for fragment in self.get_fragments(asked.get("filter")))
                return super().scanner(**asked)

        self.files += len(fragments)
        return Watched(fragments, *given)
