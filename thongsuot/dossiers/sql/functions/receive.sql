-- dossiers_receive: write received dossiers, all in one round trip. It writes; everything was decided before (actions/intake.py).
--
-- p_items     array of objects, sorted by series so that two callers lock in the same order. Each has `place` (its position in the
--             answer) and `answer` (what the caller is told); one with `refused` true is only answered. The others:
--             the columns of dossiers_dossier, `series` {unit_id, bucket, prefix}, `step`, `components`, `fees`, `actor`, `facts`.
-- p_reactions names of the reactions to dossiers.received; each becomes a job
-- p_caller, p_key, p_body_hash   of a request with an Idempotency-Key; p_key null without one
-- returns     outcome 'done' | 'replayed' | 'other_body', and the answers in the order of `place`, each with code and received_at added
CREATE OR REPLACE FUNCTION dossiers_receive(
  p_items jsonb, p_reactions text[], p_caller text, p_key text, p_body_hash bytea, p_at timestamptz,
  OUT outcome text, OUT answers jsonb
) LANGUAGE plpgsql AS $$
DECLARE
  item jsonb;
  part jsonb;
  new_id bigint;
  run jsonb;
  given record;
  new_code text;
  event_id bigint;
  known record;
  done jsonb[] := '{}';
BEGIN
  IF p_key IS NOT NULL THEN
    SELECT body_hash, answer INTO known FROM kernel_answered WHERE caller = p_caller AND key = p_key;
    IF FOUND THEN
      outcome := CASE WHEN known.body_hash = p_body_hash THEN 'replayed' ELSE 'other_body' END;
      answers := known.answer;
      RETURN;
    END IF;
  END IF;

  FOR item IN SELECT value FROM jsonb_array_elements(p_items) LOOP
    IF (item->>'refused')::boolean THEN
      done := done || jsonb_build_object('place', item->'place', 'answer', item->'answer');
      CONTINUE;
    END IF;
    new_id := nextval('dossiers_dossier_id_seq');
    run := item->'step';

    INSERT INTO dossiers_component (dossier_id, paper_code, name, how, reason, file_id, originals, copies, added_at)
    SELECT new_id, c.paper_code, c.name, c.how, coalesce(c.reason, ''), c.file_id, c.originals, c.copies, p_at
      FROM jsonb_to_recordset(item->'components')
           AS c(paper_code text, name text, how text, reason text, file_id bigint, originals smallint, copies smallint);

    INSERT INTO dossiers_feedue (dossier_id, code, name, kind, amount_dong, how, basis, collected_by_name)
    SELECT new_id, f.code, f.name, f.kind, f.amount_dong, f.how, f.basis, ''
      FROM jsonb_to_recordset(item->'fees') AS f(code text, name text, kind text, amount_dong bigint, how text, basis text);

    INSERT INTO dossiers_steprun (dossier_id, number, step_no, step_key, name, duty, assignee_id, assignee_name, minutes, started_at, due_at,
                                  outcome, note)
    VALUES (new_id, 1, 0, run->>'step_key', run->>'name', run->>'duty', (run->>'assignee_id')::bigint, run->>'assignee_name',
            (run->>'minutes')::int, p_at, (run->>'due_at')::timestamptz, '', '');

    INSERT INTO dossiers_tallychange (day, unit_id, channel, status, change)
    VALUES ((item->>'day')::date, (item->>'resolving_unit_id')::bigint, (item->>'channel')::smallint, 2, 1);

    -- From here on the series is locked: only short work follows.
    SELECT * INTO given FROM numbering_next('dossier', (item->'series'->>'unit_id')::bigint, item->'series'->>'bucket', p_at);
    new_code := (item->'series'->>'prefix') || lpad(given.number::text, greatest(4, length(given.number::text)), '0');

    INSERT INTO dossiers_dossier (
      id, code, version_id, procedure_id, receiving_unit_id, resolving_unit_id, channel, assisted_by, status,
      owner_kind, owner_name, owner_search, owner_id_number, owner_phone, owner_email, owner_address, filer, account_id, form, quantities,
      return_by, received_at, due_at, warn_at, step_no, assignee_id, supplement_count)
    SELECT new_id, new_code, r.version_id, r.procedure_id, r.receiving_unit_id, r.resolving_unit_id, r.channel, r.assisted_by, 2,
      r.owner_kind, r.owner_name, r.owner_search, r.owner_id_number, r.owner_phone, r.owner_email, r.owner_address, r.filer, r.account_id,
      r.form, r.quantities, r.return_by, given.given_at, r.due_at, r.warn_at, 0,
      (run->>'assignee_id')::bigint, 0
    FROM jsonb_to_record(item) AS r(
      version_id bigint, procedure_id bigint, receiving_unit_id bigint, resolving_unit_id bigint, channel smallint, assisted_by text,
      owner_kind smallint, owner_name text, owner_search text, owner_id_number text, owner_phone text, owner_email text, owner_address text,
      filer jsonb, account_id bigint, form jsonb, quantities jsonb, return_by text, due_at timestamptz, warn_at timestamptz);

    part := item->'actor';
    event_id := kernel_record('dossiers.dossier', new_id, 'dossiers.received', given.given_at, (part->>'id')::bigint, part->>'name',
                              part->>'post', part->>'via', (item->>'resolving_unit_id')::bigint,
                              (item->'facts') || jsonb_build_object('code', new_code));
    IF cardinality(p_reactions) > 0 THEN
      PERFORM procrastinate_defer_jobs_v1(array_agg(
        ROW('default', 'kernel.react', 0, NULL, NULL, jsonb_build_object('event_id', event_id, 'reaction', reaction), NULL)
        ::procrastinate_job_to_defer_v1)) FROM unnest(p_reactions) AS reaction;
    END IF;
    done := done || jsonb_build_object('place', item->'place', 'answer', (item->'answer') || jsonb_build_object(
      'id', new_id, 'code', new_code, 'received_at', given.given_at));
  END LOOP;

  outcome := 'done';
  SELECT jsonb_agg(d->'answer' ORDER BY (d->>'place')::int) INTO answers FROM unnest(done) AS d;
  IF p_key IS NOT NULL THEN
    -- A twin of this request that came at the same instant ends here with a unique violation: it is rolled back and then reads our answer.
    INSERT INTO kernel_answered (caller, key, body_hash, status, answer, answered_at)
    VALUES (p_caller, p_key, p_body_hash, 201, answers, p_at);
  END IF;
END $$;
