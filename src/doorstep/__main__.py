"""`python -m doorstep` is the command line."""

from doorstep.cli.main import main

if __name__ == "__main__":
    main()
