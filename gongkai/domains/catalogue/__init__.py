"""What must be disclosed: the columns of the disclosure platform and the papers each of them takes."""
