-- Service points of a unit, and those of ended units that they continue: who works at one of them works for the unit.
CREATE OR REPLACE FUNCTION units_points_of(p_unit bigint) RETURNS SETOF bigint
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE points AS (
    SELECT id, continues_id FROM units_servicepoint WHERE unit_id = p_unit
    UNION
    SELECT before.id, before.continues_id FROM units_servicepoint before JOIN points p ON before.id = p.continues_id
  )
  SELECT id FROM points
$$;
