"""What editors say about words: synonyms, best bets, stop words, blocked words; in force at the next question."""
