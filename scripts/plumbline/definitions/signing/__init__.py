"""Sign-offs, recorded in a term's file: an act of people, kept with its meaning and its evidence."""
