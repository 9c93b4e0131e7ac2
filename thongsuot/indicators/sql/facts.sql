-- Facts of dossiers, made anew from what commands stored: one row per dossier. Run over some dossiers by the fold, over all of
-- them after a bulk load (`thongsuot recount`).
--
-- {target}    indicators_fact, or a table like it
-- {which}     a condition about d, for example: d.id = ANY(%(ids)s)
-- {e_result} and others: conditions of indicators/facts.py
-- parameters  %(off)s, %(worked)s, %(shifts)s: the working calendar as indicators_minutes_before takes it
-- source      QĐ 766/QĐ-TTg, item 2.1. A pause moves the due date by the time the clock stood, so that comparing with the moved
--             date is the same as taking the time of the supplement off the end.
INSERT INTO {target} (dossier_id, unit_id, procedure_id, version_id, channel, status, submitted_on, received_at, received_on, due_at,
  closed_at, closed_on, in_time, late_at, left_on, waiting_from, supplements, supplement_on, spent_minutes,
  paper_result, eligible, charged, e_result, digitised, reused, linked, population, synced, paid_online, rated_on, level, complained)
SELECT x.dossier_id, x.unit_id, x.procedure_id, x.version_id, x.channel, x.status, x.submitted_on, x.received_at, x.received_on, x.due_at,
  x.closed_at, (x.closed_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date,
  j.in_time, j.late_at,
  CASE WHEN x.received_at IS NOT NULL THEN (least(x.closed_at, j.late_at) AT TIME ZONE 'Asia/Ho_Chi_Minh')::date END,
  x.waiting_from, x.supplements, x.supplement_on, x.spent_minutes,
  x.paper_result, x.eligible, x.charged, x.e_result, x.digitised, x.reused, x.linked, x.population, x.synced, x.paid_online, x.rated_on, x.level, x.complained
FROM (
  SELECT d.id AS dossier_id, d.resolving_unit_id AS unit_id, d.procedure_id, d.version_id, d.channel, d.status,
    (d.submitted_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS submitted_on,
    d.received_at, (d.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS received_on, d.due_at,
    d.resolved_at, coalesce(d.resolved_at, d.ended_at) AS closed_at,
    CASE WHEN d.received_at IS NOT NULL AND d.resolved_at IS NULL THEN p.waiting_from END AS waiting_from,
    p.late_at AS late_before_pause,
    coalesce(s.requests, 0) AS supplements, (s.first_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS supplement_on, s.second_at,
    CASE WHEN d.resolved_at IS NOT NULL AND d.received_at IS NOT NULL THEN greatest(0,
      indicators_minutes_before(d.resolved_at, %(off)s, %(worked)s, %(shifts)s)
      - indicators_minutes_before(d.received_at, %(off)s, %(worked)s, %(shifts)s) - coalesce(p.minutes, 0)) END AS spent_minutes,
    jsonb_array_length(v.results) > 0 AS paper_result, v.fully_online AS eligible,
    {charged} AS charged, {paid_online} AS paid_online,
    {e_result} AS e_result, {digitised} AS digitised, {reused} AS reused, {linked} AS linked, {population} AS population,
    {synced} AS synced, {complained} AS complained, (g.rated_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date AS rated_on, g.level
  FROM dossiers_dossier d
  JOIN procedures_procedureversion v ON v.id = d.version_id
  LEFT JOIN dossiers_rating g ON g.dossier_id = d.id
  LEFT JOIN LATERAL (
    -- late_at: late already when the clock was stopped. waiting_from: it stands now, or stood until the end.
    SELECT min(due_before) FILTER (WHERE starts_at > due_before) AS late_at,
      max(starts_at) FILTER (WHERE ends_at IS NULL OR ends_at = d.ended_at) AS waiting_from,
      sum(indicators_minutes_before(coalesce(ends_at, starts_at), %(off)s, %(worked)s, %(shifts)s)
        - indicators_minutes_before(starts_at, %(off)s, %(worked)s, %(shifts)s)) FILTER (WHERE starts_at >= d.received_at) AS minutes
      FROM dossiers_pause WHERE dossier_id = d.id
  ) p ON true
  LEFT JOIN LATERAL (
    SELECT count(*) AS requests, min(requested_at) AS first_at, (array_agg(requested_at ORDER BY requested_at))[2] AS second_at
      FROM dossiers_supplementrequest WHERE dossier_id = d.id
  ) s ON true
  WHERE {which}
) x,
LATERAL (SELECT
  CASE
    WHEN x.received_at IS NULL OR x.closed_at IS NULL THEN NULL
    WHEN x.resolved_at IS NOT NULL THEN x.resolved_at <= x.due_at
    WHEN x.supplements > 1 THEN false
    -- Ended while the clock stood: the time of the supplement lasts until the end, what counts is when it was asked for.
    ELSE coalesce(x.waiting_from, x.closed_at) <= x.due_at
  END AS in_time,
  CASE WHEN x.received_at IS NOT NULL THEN nullif(least(
    x.late_before_pause,
    -- More than one request: late until there is a result. Nothing is late before it was received.
    CASE WHEN x.second_at IS NOT NULL THEN greatest(x.second_at, x.received_at) END,
    CASE WHEN x.waiting_from IS NULL THEN x.due_at END,
    'infinity'), 'infinity') END AS late_at) j
ON CONFLICT (dossier_id) DO UPDATE SET
  unit_id = excluded.unit_id, procedure_id = excluded.procedure_id, version_id = excluded.version_id, channel = excluded.channel,
  status = excluded.status, submitted_on = excluded.submitted_on, received_at = excluded.received_at, received_on = excluded.received_on,
  due_at = excluded.due_at, closed_at = excluded.closed_at, closed_on = excluded.closed_on,
  in_time = excluded.in_time, late_at = excluded.late_at, left_on = excluded.left_on, waiting_from = excluded.waiting_from,
  supplements = excluded.supplements, supplement_on = excluded.supplement_on, spent_minutes = excluded.spent_minutes,
  paper_result = excluded.paper_result, eligible = excluded.eligible, charged = excluded.charged, e_result = excluded.e_result,
  digitised = excluded.digitised, reused = excluded.reused, linked = excluded.linked, population = excluded.population,
  synced = excluded.synced, paid_online = excluded.paid_online, rated_on = excluded.rated_on, level = excluded.level,
  complained = excluded.complained
