-- Disputes with reason, owner, due date and outcome; consent, suppressions, the packs of rules an
-- entity works under, and what the guard decided about each call.
ALTER TABLE dispute_mark ADD COLUMN reason_code TEXT;
ALTER TABLE dispute_mark ADD COLUMN owner TEXT;
ALTER TABLE dispute_mark ADD COLUMN due_on {i64};
ALTER TABLE dispute_mark ADD COLUMN call_id {i64};
ALTER TABLE dispute_mark ADD COLUMN outcome {i64};
ALTER TABLE dispute_mark ADD COLUMN resolution TEXT;
ALTER TABLE follow_up ADD COLUMN dispute_mark_id {i64};

CREATE TABLE guard_pack (
  part {i64} NOT NULL,
  entity_id {i64} NOT NULL,
  pack TEXT NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  is_on {i64} NOT NULL,
  CONSTRAINT guard_pack_pk PRIMARY KEY (part, entity_id, pack, version)
) {clustered};

-- channel 0: every channel.
CREATE TABLE consent (
  part {i64} NOT NULL,
  address_key TEXT NOT NULL,
  channel {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  state {i64} NOT NULL,
  on_day {i64} NOT NULL,
  source TEXT NOT NULL,
  CONSTRAINT consent_pk PRIMARY KEY (part, address_key, channel, version)
) {clustered};

-- contact_id 0: the whole party.
CREATE TABLE suppression (
  part {i64} NOT NULL,
  party_id {i64} NOT NULL,
  contact_id {i64} NOT NULL,
  kind {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  from_day {i64} NOT NULL,
  until_day {i64},
  reason TEXT NOT NULL,
  CONSTRAINT suppression_pk PRIMARY KEY (part, party_id, contact_id, kind, version)
) {clustered};

CREATE TABLE guard_decision (
  part {i64} NOT NULL,
  party_id {i64} NOT NULL,
  call_id {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  contact_id {i64},
  channel {i64} NOT NULL,
  asked_at {i64} NOT NULL,
  is_allowed {i64} NOT NULL,
  rule {i64} NOT NULL,
  pack TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  utc_offset {i64} NOT NULL,
  sealed_facts {blob} NOT NULL,
  CONSTRAINT guard_decision_pk PRIMARY KEY (part, party_id, call_id)
) {clustered};
