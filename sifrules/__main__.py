"""``python -m sifrules``: the same as ``sif``, where scripts are not on the path."""

from sifrules.cli import main

if __name__ == "__main__":
    main()
