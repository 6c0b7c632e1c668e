"""Partnership: matching and exchange across agencies and borders, agreements."""
