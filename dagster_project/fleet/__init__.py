"""The nights of many plans in one graph, by plan and date. What a plan's night does is that of a plan alone."""
