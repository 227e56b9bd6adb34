"""The gate: suites of checks over the candidate marts, judged before anything is published.

Suites (YAML) and what past versions showed become expectations with bounds; Great Expectations evaluates them
in a process of its own, pushed down to DuckDB; the verdict, the page and the recorded results follow from that.
"""
