"""From one exported filter to a team's variant: which tool, which columns, which term, and the file that says so."""
