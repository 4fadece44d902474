"""路演 in the hall: the clerk's page, what the audience sees, and the lists of what was recorded."""
