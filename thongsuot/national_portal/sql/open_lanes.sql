-- A lane for every dossier with a waiting message that has none yet.
INSERT INTO national_portal_lane (dossier_id, unit_id, state, next_try_at, waiting_since, attempts, trouble, error_code, error, told_number)
SELECT m.dossier_id, d.resolving_unit_id, 'waiting', %(at)s, min(m.happened_at), 0, '', '', '', 0
  FROM national_portal_message m
  JOIN dossiers_dossier d ON d.id = m.dossier_id
 WHERE m.state = 'waiting' AND NOT EXISTS (SELECT 1 FROM national_portal_lane l WHERE l.dossier_id = m.dossier_id)
 GROUP BY m.dossier_id, d.resolving_unit_id
ON CONFLICT (dossier_id) DO NOTHING
