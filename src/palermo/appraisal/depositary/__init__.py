"""How depositaries publish: status pages and ratification lists, read in whatever form they were saved."""
