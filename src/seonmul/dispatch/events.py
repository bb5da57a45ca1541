"""News of dispatch."""

#: Results of a batch arrived or changed: batch_id.
RESULTS = "dispatch.results"
