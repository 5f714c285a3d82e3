"""What a night did and why a member stands where it stands, read from the warehouse."""
