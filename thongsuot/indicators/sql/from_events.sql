-- Dossiers of which the history says otherwise than the fact: when received, when resolved, when ended, how often supplemented.
-- returns  (dossier_id, at most 100 of them, how many there are)
WITH told AS (
  SELECT subject_id,
    min(at) FILTER (WHERE name = 'dossiers.received') AS received_at,
    min(at) FILTER (WHERE name = 'dossiers.resolved') AS resolved_at,
    min(at) FILTER (WHERE name IN ('dossiers.returned', 'dossiers.withdrawn', 'dossiers.stopped', 'dossiers.refused')) AS ended_at,
    count(*) FILTER (WHERE name = 'dossiers.supplement_requested') AS supplements
  FROM kernel_event WHERE subject = 'dossiers.dossier' GROUP BY subject_id
)
SELECT f.dossier_id, count(*) OVER ()
  FROM indicators_fact f LEFT JOIN told t ON t.subject_id = f.dossier_id
 WHERE (f.received_at, f.closed_at, f.supplements) IS DISTINCT FROM (t.received_at, coalesce(t.resolved_at, t.ended_at), t.supplements)
 ORDER BY f.dossier_id LIMIT 100
