// Vocabulary follows.
