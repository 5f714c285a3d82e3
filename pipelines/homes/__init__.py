"""A plan's home as a whole: who holds it, where it lies between nights, and what who works on it may open."""
