"""Where the console is."""

CONSOLE = "/console/"
