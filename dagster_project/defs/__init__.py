"""One module for each concept of the exchange; whatever is defined here is found by itself."""
