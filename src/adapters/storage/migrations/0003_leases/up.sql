-- Whoever holds a lease has locked its row; the row itself says nothing.
CREATE TABLE lease (
  part {i64} NOT NULL,
  name TEXT NOT NULL,
  CONSTRAINT lease_pk PRIMARY KEY (part, name)
) {clustered};

-- The mark of a part is now also what its writers exclude each other on, so that taking the lock
-- reads the mark: one question instead of two for every command.
INSERT INTO id_mark (part, last_id)
WITH RECURSIVE slot (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM slot WHERE i < 1023)
SELECT i, 0 FROM slot WHERE i NOT IN (SELECT part FROM id_mark);

DELETE FROM lock_row WHERE purpose = 0;
