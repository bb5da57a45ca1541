"""What happens when processes are killed; these journeys break their platform, so it is nobody else's."""
