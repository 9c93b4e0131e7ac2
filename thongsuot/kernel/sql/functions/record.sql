-- kernel_record: append one event to a subject's history and return its id.
-- The caller holds the subject's row lock (or has just inserted it), so the next number cannot be taken by another.
-- hash = sha256(hash before || fields parted by U+001F). jsonb is printed canonically by PostgreSQL.
CREATE OR REPLACE FUNCTION kernel_event_hash(
  before bytea, p_subject text, p_subject_id bigint, p_number int, p_name text, p_at timestamptz, p_recorded_at timestamptz,
  p_actor_id bigint, p_actor_name text, p_actor_post text, p_via text, p_unit_id bigint, p_facts jsonb
) RETURNS bytea LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT sha256(before || convert_to(concat_ws(E'\x1f',
    p_subject, p_subject_id, p_number, p_name, (extract(epoch FROM p_at) * 1000000)::bigint,
    (extract(epoch FROM p_recorded_at) * 1000000)::bigint,
    coalesce(p_actor_id::text, '-'), p_actor_name, p_actor_post, p_via, coalesce(p_unit_id::text, '-'), p_facts::text), 'UTF8'))
$$;

CREATE OR REPLACE FUNCTION kernel_record(
  p_subject text, p_subject_id bigint, p_name text, p_at timestamptz,
  p_actor_id bigint, p_actor_name text, p_actor_post text, p_via text, p_unit_id bigint, p_facts jsonb
) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  last_number int := 0;
  last_hash bytea := '\x';
  written_at timestamptz := clock_timestamp();
  event_id bigint;
BEGIN
  SELECT number, hash INTO last_number, last_hash FROM kernel_event
   WHERE subject = p_subject AND subject_id = p_subject_id ORDER BY number DESC LIMIT 1;
  IF NOT FOUND THEN
    last_number := 0;
    last_hash := '\x';
  END IF;
  INSERT INTO kernel_event (subject, subject_id, number, name, at, recorded_at, actor_id, actor_name, actor_post, via, unit_id, facts, hash)
  VALUES (p_subject, p_subject_id, last_number + 1, p_name, p_at, written_at, p_actor_id, p_actor_name, p_actor_post, p_via, p_unit_id, p_facts,
          kernel_event_hash(last_hash, p_subject, p_subject_id, last_number + 1, p_name, p_at, written_at,
                            p_actor_id, p_actor_name, p_actor_post, p_via, p_unit_id, p_facts))
  RETURNING id INTO event_id;
  RETURN event_id;
END $$;

CREATE OR REPLACE FUNCTION kernel_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  -- The test runner empties its own throw-away databases between tests.
  IF TG_OP = 'TRUNCATE' AND current_database() LIKE 'test\_%' THEN
    RETURN NULL;
  END IF;
  RAISE EXCEPTION 'history is append-only: % on % refused', TG_OP, TG_TABLE_NAME USING ERRCODE = 'insufficient_privilege';
END $$;

DROP TRIGGER IF EXISTS kernel_event_append_only ON kernel_event;
CREATE TRIGGER kernel_event_append_only BEFORE UPDATE OR DELETE ON kernel_event
  FOR EACH ROW EXECUTE FUNCTION kernel_refuse_change();
DROP TRIGGER IF EXISTS kernel_event_never_emptied ON kernel_event;
CREATE TRIGGER kernel_event_never_emptied BEFORE TRUNCATE ON kernel_event
  FOR EACH STATEMENT EXECUTE FUNCTION kernel_refuse_change();
