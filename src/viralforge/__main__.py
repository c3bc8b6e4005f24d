"""`python -m viralforge` is the command `viralforge`."""

from __future__ import annotations

from viralforge.cli.commands import main

if __name__ == "__main__":
    main()
