"""What is told of the exchange: the figures of a night, and reports to the state and for plan operations."""
