"""The rules put to the test: ways to break each are planted and must be found, near misses not.

What is planted is declared (`named`, `variations`), and never derived from what an engine finds.
"""
