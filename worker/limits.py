"""What a pool child may take of the machine."""

import resource


def limit_memory(megabytes: int) -> None:
    """Cap the address space of this process; 0 leaves it as it is.

    A query that needs more raises ``MemoryError`` in the child instead of taking the machine down.
    """
    if megabytes:
        size = megabytes * 1024 * 1024
        hard = resource.getrlimit(resource.RLIMIT_AS)[1]
        resource.setrlimit(resource.RLIMIT_AS, (size, hard))
