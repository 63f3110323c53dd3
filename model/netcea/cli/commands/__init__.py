"""One file a command, or a few that belong together: parse, call, print."""
