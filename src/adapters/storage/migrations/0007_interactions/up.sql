-- Notes, meetings, letters and messages about a customer, and what managers said about entries of
-- the call log.
CREATE TABLE interaction (
  part {i64} NOT NULL,
  party_id {i64} NOT NULL,
  interaction_id {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  entity_id {i64} NOT NULL,
  customer_id {i64} NOT NULL,
  channel {i64} NOT NULL,
  direction {i64},
  visible_to {i64} NOT NULL,
  is_pinned {i64} NOT NULL,
  happened_at {i64} NOT NULL,
  business_date {i64} NOT NULL,
  entered_at {i64} NOT NULL,
  author TEXT NOT NULL,
  sealed_text {blob} NOT NULL,
  CONSTRAINT interaction_pk PRIMARY KEY (part, party_id, interaction_id, version)
) {clustered};

CREATE TABLE call_review (
  part {i64} NOT NULL,
  party_id {i64} NOT NULL,
  call_id {i64} NOT NULL,
  review_no {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  call_version {i64} NOT NULL,
  mark {i64} NOT NULL,
  reviewed_at {i64} NOT NULL,
  reviewer TEXT NOT NULL,
  sealed_text {blob},
  CONSTRAINT call_review_pk PRIMARY KEY (part, party_id, call_id, review_no)
) {clustered};
