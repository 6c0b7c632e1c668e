"""National plans of action: what a State set out to do, who does it, with what money, and how far it came."""
