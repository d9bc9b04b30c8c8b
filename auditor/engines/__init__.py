"""Engines: where views and rules run, and how often a full audit goes through the events.

The base tables lie in the engine before it is asked anything. A view that rules examine is made
once, as a table: each is one aggregation over the events (or annotations, or uptake reports) with
their pings. Then all rules over it are counted in one pass over that table, which is far smaller
than the events. Only where some were broken are the events gone back for, once for all rules of the
view: the places of broken subjects are set aside, and each rule looks among those alone.

So the events are scanned twice for the identifiers that must not be written, once for `changes`
and `event_shapes`, twice for `texts` (values, and extras) and for `enrollments` (places, and when
each ID was first seen), once for `stored_records`; and as often as its places need, once or
twice, for each view that has a breach: fourteen times at the most, whatever the number of rules.
Fewer would need one aggregation with several keys (a text, a shape, a change, an enrollment ID):
their groups have nothing in common, and each key needs the events in another order.
`tests/engines/test_scans.py` counts the scans in DuckDB's plans.
"""
