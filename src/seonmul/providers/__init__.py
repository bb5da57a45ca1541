"""Outside vendors, one folder each. They see the ports of the apps and kit.wire, never tables or verbs."""
