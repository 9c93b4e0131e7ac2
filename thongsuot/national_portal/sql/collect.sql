-- New rows of national_portal_message: events after `upto` that the portal is told of.
-- What happened before reception goes with the reception (the record carries it); a dossier that ends before it is told when it ends.
INSERT INTO national_portal_message (dossier_id, number, kind, happened_at, state, attempts, answer)
SELECT e.subject_id, e.number, e.name, e.at, 'waiting', 0, ''
  FROM kernel_event e
 WHERE e.id > %(upto)s AND e.id <= %(end)s
   AND e.subject = 'dossiers.dossier'
   AND e.name = ANY(%(kinds)s)
   AND (e.name <> ALL(%(moves)s) OR e.facts->>'due_after' IS NOT NULL)
   AND (e.name = 'dossiers.received'
        OR EXISTS (SELECT 1 FROM kernel_event r
                    WHERE r.subject = e.subject AND r.subject_id = e.subject_id AND r.name = 'dossiers.received' AND r.number < e.number)
        OR e.name = ANY(%(ends)s))
 ORDER BY e.id
ON CONFLICT (dossier_id, number) DO NOTHING
