"""Members' web: sign in, catalogue, order, history. Shows, asks and calls one action a request; decides nothing."""
