"""Tables that people uploaded and have not confirmed yet: nothing of them is done before that, and it is done once."""
