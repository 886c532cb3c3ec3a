"""What a text becomes before it is indexed, and a question before it is asked: the same, so that they meet."""
