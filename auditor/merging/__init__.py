"""The reports of all shards of an audit, made the report that the whole audit would have been.

No subject is in two shards (see `auditor.sharding`), so that counts add and findings join; the same
bytes come out as of the audit of everybody.
"""
