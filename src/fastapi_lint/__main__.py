"""`python -m fastapi_lint`: the command line, for interpreters whose scripts are not on PATH."""

from fastapi_lint.cli import main

if __name__ == "__main__":
    main()
