-- dossiers_move: open dossiers go from one resolving unit to another, or back. It writes; everything was decided before (holdings.py).
--
-- p_moves   array of {id, from, to, due_at?, warn_at?, days?, was?}: with `was` (what an earlier call answered) it is a way back
-- p_event   the event to record, with p_changeover and the two units as its facts
-- returns   a row for each dossier that moved: what it takes to put it back. One that ended, or is elsewhere, is not among them.
--
-- With a dossier go its open leg, the paper desks owe each other, scans that wait for a second look and copies not yet certified.
-- Its dates stay, unless the caller gives new ones. Who had its open step keeps it only with a post and the duty in the new unit.
CREATE OR REPLACE FUNCTION dossiers_move(p_moves jsonb, p_event text, p_changeover bigint, p_actor jsonb, p_at timestamptz)
RETURNS TABLE (moved_id bigint, was jsonb) LANGUAGE plpgsql AS $$
DECLARE
  asked record;
  d record;
  run record;
  here bigint;
  there bigint;
  back jsonb;
  keeps boolean;
  received_here boolean;
  settled bigint[];
  legs bigint[];
  owed bigint[];
  due bigint[];
  scans bigint[];
  copies bigint[];
  day date := (p_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date;
BEGIN
  FOR asked IN
    SELECT (m->>'id')::bigint AS id, (m->>'from')::bigint AS from_unit, (m->>'to')::bigint AS to_unit, m->'was' AS was,
           (m->>'due_at')::timestamptz AS due_at, (m->>'warn_at')::timestamptz AS warn_at, coalesce((m->>'days')::int, 0) AS days
      FROM jsonb_array_elements(p_moves) AS m ORDER BY 1
  LOOP
    here := asked.from_unit;
    there := asked.to_unit;
    back := asked.was;
    SELECT id, receiving_unit_id, step_unit_id, status, channel, received_at, due_at, warn_at, resolved_at, assignee_id
      INTO d FROM dossiers_dossier
     WHERE id = asked.id AND resolving_unit_id = here AND ended_at IS NULL FOR UPDATE;
    IF NOT FOUND THEN
      CONTINUE;
    END IF;
    received_here := CASE WHEN back IS NULL THEN d.receiving_unit_id = here ELSE (back->>'received_here')::boolean END;
    SELECT r.id, r.duty, r.assignee_id, r.assignee_name INTO run FROM dossiers_steprun r
     WHERE r.dossier_id = d.id AND r.finished_at IS NULL;
    IF back IS NULL THEN
      keeps := run.assignee_id IS NOT NULL AND EXISTS (
        SELECT FROM people_appointment a JOIN units_body b ON b.id = a.body_id
         WHERE a.person_id = run.assignee_id
           AND (b.unit_id = there OR a.point_id IS NOT NULL AND a.point_id IN (SELECT units_points_of(there)))
           AND run.duty = ANY(a.duties)
           AND a.valid_from <= day AND (a.valid_to IS NULL OR a.valid_to > day)
           AND b.valid_from <= day AND (b.valid_to IS NULL OR b.valid_to > day));
    ELSE
      -- Somebody of the other unit took the step meanwhile: it stays theirs.
      keeps := run.assignee_id IS NOT NULL OR run.id IS DISTINCT FROM (back->>'run')::bigint;
    END IF;

    UPDATE dossiers_dossier SET
      resolving_unit_id = there,
      receiving_unit_id = CASE WHEN received_here THEN there ELSE receiving_unit_id END,
      assignee_id = CASE WHEN keeps THEN assignee_id WHEN back IS NULL THEN NULL ELSE (back->>'assignee')::bigint END,
      due_at = coalesce(asked.due_at, due_at),
      warn_at = coalesce(asked.warn_at, warn_at),
      warned_at = CASE WHEN asked.warn_at > p_at THEN NULL ELSE warned_at END,  -- near again later: told again then
      extended_days = extended_days + asked.days,
      extended_at = CASE WHEN extended_days + asked.days > 0 THEN coalesce(extended_at, p_at) END
     WHERE id = d.id;
    IF run.id IS NOT NULL AND NOT keeps THEN
      UPDATE dossiers_steprun SET
        assignee_id = CASE WHEN back IS NULL THEN NULL ELSE (back->>'run_assignee')::bigint END,
        assignee_name = CASE WHEN back IS NULL THEN '' ELSE back->>'run_assignee_name' END
       WHERE id = run.id;
    END IF;
    -- What goes with it; back goes only what came: the successor may have had legs, debts, scans and copies of its own in it.
    WITH gone AS (
      UPDATE dossiers_leg SET unit_id = there
       WHERE dossier_id = d.id AND finished_at IS NULL AND unit_id = here
         AND (back IS NULL OR id IN (SELECT value::bigint FROM jsonb_array_elements_text(back->'legs')))
      RETURNING id)
    SELECT array_agg(id) INTO legs FROM gone;

    -- What two desks of one unit owed each other is settled by itself; on the way back it is owed again.
    settled := '{}';
    IF back IS NULL THEN
      WITH one_house AS (
        UPDATE dossiers_paperdebt SET settled_at = p_at
         WHERE dossier_id = d.id AND settled_at IS NULL
           AND ((from_unit_id = here AND to_unit_id = there) OR (from_unit_id = there AND to_unit_id = here))
        RETURNING id)
      SELECT coalesce(array_agg(id), '{}') INTO settled FROM one_house;
    END IF;
    WITH gone AS (
      UPDATE dossiers_paperdebt SET from_unit_id = there
       WHERE dossier_id = d.id AND settled_at IS NULL AND from_unit_id = here AND to_unit_id <> there
         AND (back IS NULL OR id IN (SELECT value::bigint FROM jsonb_array_elements_text(back->'owed')))
      RETURNING id)
    SELECT array_agg(id) INTO owed FROM gone;
    WITH gone AS (
      UPDATE dossiers_paperdebt SET to_unit_id = there
       WHERE dossier_id = d.id AND settled_at IS NULL AND to_unit_id = here AND from_unit_id <> there
         AND (back IS NULL OR id IN (SELECT value::bigint FROM jsonb_array_elements_text(back->'due')))
      RETURNING id)
    SELECT array_agg(id) INTO due FROM gone;
    IF back IS NOT NULL THEN
      UPDATE dossiers_paperdebt SET settled_at = NULL
       WHERE id IN (SELECT value::bigint FROM jsonb_array_elements_text(back->'settled'));
    END IF;
    WITH gone AS (
      UPDATE dossiers_digitisation s SET unit_id = there FROM dossiers_component c
       WHERE c.id = s.component_id AND c.dossier_id = d.id AND s.unit_id = here AND s.state = 'waiting'
         AND (back IS NULL OR s.id IN (SELECT value::bigint FROM jsonb_array_elements_text(back->'scans')))
      RETURNING s.id)
    SELECT array_agg(id) INTO scans FROM gone;
    WITH gone AS (
      UPDATE dossiers_certifiedcopy SET unit_id = there
       WHERE dossier_id = d.id AND unit_id = here AND state IN ('compared', 'approved', 'numbered')
         AND (back IS NULL OR id IN (SELECT value::bigint FROM jsonb_array_elements_text(back->'copies')))
      RETURNING id)
    SELECT array_agg(id) INTO copies FROM gone;

    IF d.status <> 1 AND d.received_at IS NOT NULL AND d.due_at IS NOT NULL THEN
      INSERT INTO dossiers_tallychange (day, unit_id, channel, status, on_time, change)
      SELECT (d.received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, unit, d.channel, d.status,
             CASE WHEN d.resolved_at IS NOT NULL THEN d.resolved_at <= d.due_at END, change
        FROM (VALUES (here, -1), (there, 1)) AS change(unit, change);
    END IF;
    PERFORM kernel_record('dossiers.dossier', d.id, p_event, p_at, (p_actor->>'id')::bigint, p_actor->>'name', p_actor->>'post',
                          p_actor->>'via', there,
                          jsonb_build_object('changeover', p_changeover, 'from_unit', here, 'to_unit', there,
                                             'due_before', CASE WHEN asked.due_at IS NOT NULL THEN d.due_at END,
                                             'due_after', asked.due_at));
    -- What was numbered stays in the register of who numbered it, also where the number waits for the agency's signature, and
    -- on the way back what the successor numbered meanwhile.
    UPDATE dossiers_result r SET unit_id = here
     WHERE dossier_id = d.id AND unit_id IS NULL
       AND (number <> '' OR EXISTS (SELECT FROM dossiers_resultsigning s WHERE s.result_id = r.id AND s.number <> ''));
    UPDATE dossiers_result SET unit_id = NULL WHERE dossier_id = d.id AND unit_id = there AND back IS NOT NULL;
    moved_id := d.id;
    was := jsonb_build_object('received_here', received_here, 'assignee', d.assignee_id, 'run', run.id,
                              'run_assignee', run.assignee_id, 'run_assignee_name', run.assignee_name, 'settled', to_jsonb(settled),
                              'legs', coalesce(to_jsonb(legs), '[]'), 'owed', coalesce(to_jsonb(owed), '[]'),
                              'due', coalesce(to_jsonb(due), '[]'), 'scans', coalesce(to_jsonb(scans), '[]'),
                              'copies', coalesce(to_jsonb(copies), '[]'),
                              'due_at', CASE WHEN asked.due_at IS NOT NULL THEN d.due_at END,
                              'warn_at', CASE WHEN asked.warn_at IS NOT NULL THEN d.warn_at END, 'days', asked.days);
    RETURN NEXT;
  END LOOP;
END $$;
