"""Prevention: data on the nature and extent of trafficking, published so that no one is found in it."""
