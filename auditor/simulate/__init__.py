"""A simulated fleet: clients that behave as real browsers do, what is planted, and its labels.

    DIR/fleet/ or DIR/fleet.db    the store, to be audited; of profiles, each in DIR/fleet/ is one
    DIR/labels.parquet            what is broken in it (`labels.Label`)
    DIR/recipes.json              what the server asked for, for `--recipes`, where that is planted

The same seed makes the same fleet, whatever the number of clients: the first thousand of a million
are the thousand of a thousand. A client is drawn by queries (`sql/`, from `clients` to `told`), by
hashes of the seed and its number; `told` is a ping as it was made: every form is written from it.
"""
