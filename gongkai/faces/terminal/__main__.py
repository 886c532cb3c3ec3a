"""`python -m gongkai.faces.terminal` is `gongkai`."""

from gongkai.faces.terminal.main import main

main()
