-- Dossiers by the hundred thousand, spread over a year and the wards of a city: as many closed as a year leaves, one in thirteen still open.
-- parameters: %(first)s and %(last)s number of the dossiers, %(units)s, %(version)s, %(procedure)s
WITH made AS (
  SELECT n, 1 + n %% cardinality(%(units)s::bigint[]) AS place,
         (%(units)s::bigint[])[1 + n %% cardinality(%(units)s::bigint[])] AS unit_id,
         timestamptz '2026-11-20 09:00+07' - make_interval(mins => (n %% 500000)::int) AS received, n %% 13 = 0 AS is_open
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
), rows AS (
  INSERT INTO dossiers_dossier (code, version_id, procedure_id, receiving_unit_id, resolving_unit_id, channel, assisted_by, status, owner_kind,
    owner_name, owner_search, owner_id_number, owner_phone, owner_email, owner_address, form, quantities, return_by, received_at, due_at,
    warn_at, resolved_at, ended_at, step_no, supplement_count)
  SELECT 'H26.' || place || '-' || to_char(received, 'YYMMDD') || '-' || lpad(n::text, 8, '0'), %(version)s, %(procedure)s, unit_id, unit_id,
    1 + (n %% 7 = 0)::int, '', CASE WHEN is_open THEN 4 ELSE 10 END, 1, 'Nguyễn Văn Thử ' || n, 'nguyen van thu ' || n,
    '0014' || lpad(n::text, 8, '0'), '09' || lpad(n::text, 8, '0'), '', 'Tổ ' || n %% 20, '{}', '{"copies": 1}', 'counter', received,
    received + interval '5 days', received + interval '3 days', CASE WHEN NOT is_open THEN received + interval '2 days' END,
    CASE WHEN NOT is_open THEN received + interval '3 days' END, CASE WHEN is_open THEN 2 END, 0
  FROM made RETURNING id, received_at, resolving_unit_id, status
), papers AS (
  INSERT INTO dossiers_component (dossier_id, paper_code, name, how, reason, originals, copies, added_at)
  SELECT id, 'ban-chinh', 'Bản chính giấy tờ', 'scanned', '', 1, 0, received_at FROM rows
), runs AS (
  INSERT INTO dossiers_steprun (dossier_id, number, step_no, step_key, name, duty, assignee_name, minutes, started_at, due_at, outcome, note)
  SELECT id, 1, 2, 'tham-dinh', 'Thẩm định', 'process dossiers', '', 960, received_at, received_at + interval '2 days', '', ''
    FROM rows WHERE status = 4
), counts AS (
  INSERT INTO dossiers_tallychange (day, unit_id, channel, status, on_time, change)
  SELECT (received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, resolving_unit_id, 1, status, CASE WHEN status = 10 THEN true END, 1 FROM rows
)
INSERT INTO kernel_event (subject, subject_id, number, name, at, recorded_at, actor_name, actor_post, via, unit_id, facts, hash)
SELECT 'dossiers.dossier', id, 1, 'dossiers.received', received_at, received_at, 'Người thử', '', 'cli', resolving_unit_id, '{}',
       kernel_event_hash('\x', 'dossiers.dossier', id, 1, 'dossiers.received', received_at, received_at, NULL, 'Người thử', '', 'cli',
                         resolving_unit_id, '{}')
  FROM rows
