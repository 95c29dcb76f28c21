"""What the database refuses about jobs of the clock: who stopped one, and why, is never changed afterwards."""

from __future__ import annotations

from sacco_desktop.db.guard import final

JOB_GUARDS = [*final("job_pause")]
