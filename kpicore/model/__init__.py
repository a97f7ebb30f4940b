"""Records: the words in which everything else is written. They read no data."""
