"""OAI-PMH 2.0: other libraries take over what is public here."""
