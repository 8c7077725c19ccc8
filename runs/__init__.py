"""When judging happens: schedules, triggers, leases, the life of a run. Pure."""
