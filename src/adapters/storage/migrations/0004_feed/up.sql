-- The feed: which customers and parties an entry touched, and the ways to find entries by
-- checkpoint and promises by customer.
ALTER TABLE journal ADD COLUMN owners {blob};

CREATE INDEX journal_seal_entry ON journal_seal (part, entry_id);
CREATE INDEX checkpoint_head_seq ON checkpoint_head (part, seq, checkpoint_no);
CREATE INDEX checkpoint_head_number ON checkpoint_head (checkpoint_no, part);
CREATE INDEX promise_item_customer ON promise_item (part, customer_id);
-- Items that lie in another part than their promise: none, as a rule, and then it is empty.
CREATE INDEX promise_item_elsewhere ON promise_item (customer_id)
WHERE ((customer_id >> 11) & 1023) <> part;
