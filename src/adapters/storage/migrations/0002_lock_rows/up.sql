-- purpose 0: whoever changes a part; 1: whoever seals and makes checkpoints; 2: whoever makes ids
-- with node `number`. Engines with one writer do not need them.
CREATE TABLE lock_row (
  part {i64} NOT NULL,
  purpose {i64} NOT NULL,
  number {i64} NOT NULL,
  CONSTRAINT lock_row_pk PRIMARY KEY (part, purpose, number)
) {clustered};

INSERT INTO lock_row (part, purpose, number)
WITH RECURSIVE slot (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM slot WHERE i < 1023)
SELECT i, 0, 0 FROM slot;

INSERT INTO lock_row (part, purpose, number) VALUES (0, 1, 0);

INSERT INTO lock_row (part, purpose, number)
WITH RECURSIVE node (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM node WHERE i < 31)
SELECT 0, 2, i FROM node;
