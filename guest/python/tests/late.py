"""A module that is imported when the program runs, by one of its functions."""

said = "imported when it was asked for"
