"""Pages for people: what each word means, in which teams it means something else, and what that is worth."""
