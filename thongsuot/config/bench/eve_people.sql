-- Officers by the thousand, spread over service centres, each with a post there. Nobody can log in: they have no password.
-- parameters: %(count)s, %(units)s
WITH made AS (
  INSERT INTO people_person (password, email, full_name, search_name, sort_name, phone, id_number, is_active, inactive_reason, is_demo,
                             joined_at, session_generation)
  SELECT '!', 'cb' || n || '@vidu.vn', 'Cán Bộ ' || n, 'can bo ' || n, 'can bo ' || n, '', '', true, '', false,
         timestamptz '2025-01-01 08:00+07', 0
    FROM generate_series(1, %(count)s) AS n RETURNING id
), numbered AS (
  SELECT id, row_number() OVER (ORDER BY id) AS n FROM made
), centres AS (
  SELECT id, row_number() OVER (ORDER BY unit_id) AS n FROM units_body WHERE kind = 'service_centre' AND unit_id = ANY(%(units)s)
)
INSERT INTO people_appointment (person_id, body_id, title, duties, decided_by, decision_number, valid_from)
SELECT p.id, c.id, 'Chuyên viên', ARRAY['receive dossiers', 'process dossiers', 'hand back results'], '', '', date '2025-01-01'
  FROM numbered p JOIN centres c ON c.n = 1 + p.n %% (SELECT count(*) FROM centres)
