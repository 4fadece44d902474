"""路演: the lists of what a roadshow leaves, the clerk's page and the running order in the hall."""
