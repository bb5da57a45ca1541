"""News of dispatch."""

#: Results of a batch arrived or changed: batch_id.
RESULTS = "dispatch.results"
#: A carrier gave a code that is in no table of ours, for the first time: code_id.
STRANGE_CODE = "dispatch.strange_code"
#: A sender number was approved or refused: sender_id.
SENDER_DECIDED = "dispatch.sender_decided"
#: A sender number ends soon, or has ended, because its paper grows old: sender_id.
SENDER_ENDS = "dispatch.sender_ends"
