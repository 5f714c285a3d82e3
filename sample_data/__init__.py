"""A made-up plan's whole exchange, the same bytes for the same arguments: people, stories, files and configuration.

It feeds the demonstration, the tests and the benchmarks. Nobody in it exists.
"""

from sample_data.configuration import SamplePlan
from sample_data.exchange import DEFAULT_START, NamedPerson, SampleExchange, canaries, generate
from sample_data.story import Outcome

__all__ = ["DEFAULT_START", "NamedPerson", "Outcome", "SampleExchange", "SamplePlan", "canaries", "generate"]
