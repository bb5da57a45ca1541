"""REST: what shops' software asks (pos). Turns a call into one action and a refusal into a problem; decides nothing."""
