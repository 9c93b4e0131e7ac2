-- registers_keep_book: all entries of a book, and their persons, belong to the unit that keeps it now. Returns how many entries.
CREATE OR REPLACE FUNCTION registers_keep_book(p_book bigint, p_keeper bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  entries bigint;
BEGIN
  UPDATE registers_entryperson p SET keeper_id = p_keeper FROM registers_entry e WHERE e.id = p.entry_id AND e.book_id = p_book;
  UPDATE registers_entry SET keeper_id = p_keeper WHERE book_id = p_book;
  GET DIAGNOSTICS entries = ROW_COUNT;
  RETURN entries;
END $$;
