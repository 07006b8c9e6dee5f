"""The Label place: a queue of questions, and the texts in which their answers are marked."""
