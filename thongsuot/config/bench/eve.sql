-- Dossiers on the eve of a reorganisation, by the hundred thousand: open ones at old communes and districts, and results not yet given.
-- parameters: %(first)s, %(last)s numbers; %(results)s of them up to this number have their result; %(units)s, %(places)s, %(identifiers)s
-- unit that resolves, end of the address and beginning of the code, one beside the other; %(groups)s how many groups of people a place has;
-- %(officers)s who has the open step; %(version)s, %(procedure)s
WITH made AS (
  SELECT n, 1 + n %% cardinality(%(units)s::bigint[]) AS place, n <= %(results)s AS is_result,
         timestamptz '2025-06-27 16:00+07' - make_interval(mins => (n %% 20000)::int) AS received
    FROM generate_series(%(first)s::bigint, %(last)s::bigint) AS n
), rows AS (
  INSERT INTO dossiers_dossier (code, version_id, procedure_id, receiving_unit_id, resolving_unit_id, channel, assisted_by, status, owner_kind,
    owner_name, owner_search, owner_id_number, owner_phone, owner_email, owner_address, form, quantities, return_by, received_at, due_at,
    warn_at, resolved_at, step_no, supplement_count, assignee_id)
  SELECT (%(identifiers)s::text[])[place] || '-' || to_char(received, 'YYMMDD') || '-' || lpad(n::text, 8, '0'), %(version)s, %(procedure)s,
    (%(units)s::bigint[])[place], (%(units)s::bigint[])[place], 1 + (n %% 7 = 0)::int, '', CASE WHEN is_result THEN 9 ELSE 4 END, 1,
    'Nguyễn Văn Thử ' || n, 'nguyen van thu ' || n, '0014' || lpad(n::text, 8, '0'), '09' || lpad(n::text, 8, '0'), '',
    -- One in twelve says no group: in a split commune nobody can tell then.
    CASE WHEN n %% 12 = 0 THEN 'Số ' || n %% 90 + 1 ELSE 'Số ' || n %% 90 + 1 || ', tổ dân phố số ' || 1 + (n / 7) %% %(groups)s END
      || ', ' || (%(places)s::text[])[place],
    '{}', '{"copies": 1}', 'counter', received, received + interval '7 days', received + interval '5 days',
    CASE WHEN is_result THEN received + interval '1 day' END, CASE WHEN is_result THEN 6 ELSE 2 END, 0,
    (%(officers)s::bigint[])[place]
  FROM made RETURNING id, received_at, resolving_unit_id, status, assignee_id, due_at, resolved_at
), results AS (
  INSERT INTO dossiers_result (dossier_id, title, drafted_at, drafted_by_name, signed_at, signer_name, signer_post, number, issued_on,
                               handed_to, void_reason)
  SELECT id, 'Giấy thử', received_at, 'Người thử', received_at, 'Người thử', 'Chủ tịch', id || '/GT', received_at::date, '', ''
    FROM rows WHERE status = 9
), runs AS (
  INSERT INTO dossiers_steprun (dossier_id, number, step_no, step_key, name, duty, assignee_id, assignee_name, minutes, started_at, due_at,
                                outcome, note)
  SELECT id, 1, CASE status WHEN 9 THEN 6 ELSE 2 END, CASE status WHEN 9 THEN 'tra' ELSE 'tham-dinh' END, 'Bước đang làm',
         CASE status WHEN 9 THEN 'hand back results' ELSE 'process dossiers' END, assignee_id, 'Người thử', 960, received_at,
         received_at + interval '2 days', '', ''
    FROM rows
), counts AS (
  INSERT INTO dossiers_tallychange (day, unit_id, channel, status, on_time, change)
  SELECT (received_at AT TIME ZONE 'Asia/Ho_Chi_Minh')::date, resolving_unit_id, 1, status, CASE WHEN status = 9 THEN resolved_at <= due_at END, 1
    FROM rows
)
INSERT INTO kernel_event (subject, subject_id, number, name, at, recorded_at, actor_name, actor_post, via, unit_id, facts, hash)
SELECT 'dossiers.dossier', id, 1, 'dossiers.received', received_at, received_at, 'Người thử', '', 'cli', resolving_unit_id, '{}',
       kernel_event_hash('\x', 'dossiers.dossier', id, 1, 'dossiers.received', received_at, received_at, NULL, 'Người thử', '', 'cli',
                         resolving_unit_id, '{}')
  FROM rows
