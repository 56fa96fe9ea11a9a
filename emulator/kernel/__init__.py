"""What knows nothing of the rest: clock, ids, currencies, files, and the words of every refusal."""
