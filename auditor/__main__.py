"""`python -m auditor`: the command line without its installed name."""

from auditor.cli import main

main()
