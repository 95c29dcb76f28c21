"""How the guards of stopped jobs are broken by plain SQL."""

from tests.db.plain_sql import GRACE, NOW

_PAUSED = (
    "INSERT INTO job_pause (id, job, is_paused, why, changed_by, changed_at)"
    f" VALUES (900, 'penalties', true, 'x', {GRACE}, {NOW})"
)
JOB_BREACHES = {
    "job_pause_is_final_update": (_PAUSED, "UPDATE job_pause SET is_paused = false"),
    "job_pause_is_final_delete": (_PAUSED, "DELETE FROM job_pause"),
}
