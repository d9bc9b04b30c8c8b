"""The gate: which findings of an audit are excused, by whom, until when, and what is new.

A baseline excuses what was there when somebody looked, entry by entry. A waiver excuses what
somebody has answered for, until a day. Neither excuses a breach of a rule that is not waivable, and
neither changes a verdict: a broken promise stays broken.
"""
