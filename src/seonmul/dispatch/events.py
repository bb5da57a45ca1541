"""News of dispatch."""

#: Results of a batch arrived or changed: batch_id.
RESULTS = "dispatch.results"
#: A sender number was approved or refused: sender_id.
SENDER_DECIDED = "dispatch.sender_decided"
