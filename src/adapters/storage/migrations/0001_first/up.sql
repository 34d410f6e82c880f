-- The first schema. One text for every engine: {i64}, {blob} and {clustered} are the dialect's
-- words (SQLite: INTEGER, BLOB, STRICT, WITHOUT ROWID; PostgreSQL: BIGINT, BYTEA, nothing).
-- Rules: `part` is the first column of every key of a customer-owned table; no triggers,
-- sequences or defaults that read a clock; dates are days since 1970-01-01, instants microseconds
-- since then in UTC, amounts minor units, flags 0 or 1. A fact row is never updated or deleted:
-- a correction is a row with the next version. `entry_id` names the journal entry that wrote it.

CREATE TABLE site (
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  CONSTRAINT site_pk PRIMARY KEY (name)
) {clustered};

-- Journal ---------------------------------------------------------------------------------------

CREATE TABLE journal (
  part {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  command_id {i64} NOT NULL,
  command_entries {i64} NOT NULL,
  kind TEXT NOT NULL,
  schema_version {i64} NOT NULL,
  actor TEXT NOT NULL,
  recorded_at {i64} NOT NULL,
  payload TEXT NOT NULL,
  private_party {i64},
  private_payload {blob},
  row_count {i64} NOT NULL,
  rows_root {blob} NOT NULL,
  row_hashes {blob} NOT NULL,
  CONSTRAINT journal_pk PRIMARY KEY (part, entry_id)
) {clustered};

-- The highest id made in a part, so that ids rise whichever process makes them, and also when the
-- clock steps back.
CREATE TABLE id_mark (
  part {i64} NOT NULL,
  last_id {i64} NOT NULL,
  CONSTRAINT id_mark_pk PRIMARY KEY (part)
) {clustered};

CREATE TABLE journal_pending (
  part {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  CONSTRAINT journal_pending_pk PRIMARY KEY (part, entry_id)
) {clustered};

CREATE TABLE journal_seal (
  part {i64} NOT NULL,
  seq {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  chain_hash {blob} NOT NULL,
  CONSTRAINT journal_seal_pk PRIMARY KEY (part, seq)
) {clustered};

CREATE TABLE journal_head (
  part {i64} NOT NULL,
  seq {i64} NOT NULL,
  chain_hash {blob} NOT NULL,
  CONSTRAINT journal_head_pk PRIMARY KEY (part)
) {clustered};

CREATE TABLE checkpoint (
  part {i64} NOT NULL,
  checkpoint_no {i64} NOT NULL,
  at {i64} NOT NULL,
  previous_hash {blob} NOT NULL,
  root {blob} NOT NULL,
  signature {blob} NOT NULL,
  CONSTRAINT checkpoint_pk PRIMARY KEY (part, checkpoint_no)
) {clustered};

CREATE TABLE checkpoint_head (
  part {i64} NOT NULL,
  checkpoint_no {i64} NOT NULL,
  seq {i64} NOT NULL,
  chain_hash {blob} NOT NULL,
  CONSTRAINT checkpoint_head_pk PRIMARY KEY (part, checkpoint_no)
) {clustered};

CREATE TABLE idempotency_key (
  part {i64} NOT NULL,
  client TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  body_hash {blob} NOT NULL,
  answer TEXT NOT NULL,
  recorded_at {i64} NOT NULL,
  CONSTRAINT idempotency_key_pk PRIMARY KEY (part, client, idempotency_key)
) {clustered};

CREATE TABLE party_key (
  part {i64} NOT NULL,
  party_id {i64} NOT NULL,
  wrapped_key {blob} NOT NULL,
  CONSTRAINT party_key_pk PRIMARY KEY (part, party_id)
) {clustered};

-- Who -------------------------------------------------------------------------------------------

CREATE TABLE entity (
  part {i64} NOT NULL,
  entity_id {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  base_currency TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  calendar TEXT NOT NULL,
  promise_tolerance_days {i64} NOT NULL,
  CONSTRAINT entity_pk PRIMARY KEY (part, entity_id, version)
) {clustered};

CREATE TABLE calendar_day (
  part {i64} NOT NULL,
  entity_id {i64} NOT NULL,
  day {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  is_holiday {i64} NOT NULL,
  name TEXT NOT NULL,
  CONSTRAINT calendar_day_pk PRIMARY KEY (part, entity_id, day, version)
) {clustered};

CREATE TABLE party (
  part {i64} NOT NULL,
  party_id {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  kind {i64} NOT NULL,
  reference TEXT NOT NULL,
  name TEXT NOT NULL,
  sealed_name {blob},
  country TEXT NOT NULL,
  language TEXT NOT NULL,
  stub {i64} NOT NULL,
  CONSTRAINT party_pk PRIMARY KEY (part, party_id, version)
) {clustered};

CREATE TABLE group_edge (
  part {i64} NOT NULL,
  child_party_id {i64} NOT NULL,
  from_day {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  parent_party_id {i64} NOT NULL,
  until_day {i64},
  CONSTRAINT group_edge_pk PRIMARY KEY (part, child_party_id, from_day, version)
) {clustered};

CREATE TABLE customer (
  part {i64} NOT NULL,
  customer_id {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  entity_id {i64} NOT NULL,
  party_id {i64} NOT NULL,
  number TEXT NOT NULL,
  segment TEXT NOT NULL,
  since_day {i64},
  CONSTRAINT customer_pk PRIMARY KEY (part, customer_id, version)
) {clustered};
CREATE INDEX customer_party ON customer (part, party_id);

CREATE TABLE contact (
  part {i64} NOT NULL,
  party_id {i64} NOT NULL,
  contact_id {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  reference TEXT NOT NULL,
  role TEXT NOT NULL,
  language TEXT NOT NULL,
  time_zone TEXT NOT NULL,
  active {i64} NOT NULL,
  sealed {blob} NOT NULL,
  CONSTRAINT contact_pk PRIMARY KEY (part, party_id, contact_id, version)
) {clustered};

-- Which customer, document, payment or promise bears a number. An index, not a fact. `part` is the
-- slot of (entity, kind, number_key), so that a number is unique on every engine; number_key is the
-- number as people type it: upper case, letters and digits, no leading zeros.
CREATE TABLE number_index (
  part {i64} NOT NULL,
  entity_id {i64} NOT NULL,
  kind {i64} NOT NULL,
  number_key TEXT NOT NULL,
  number TEXT NOT NULL,
  owner_id {i64} NOT NULL,
  subject_id {i64} NOT NULL,
  CONSTRAINT number_index_pk PRIMARY KEY (part, entity_id, kind, number_key, number)
) {clustered};

-- Receivables -----------------------------------------------------------------------------------

CREATE TABLE document (
  part {i64} NOT NULL,
  customer_id {i64} NOT NULL,
  document_id {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  kind {i64} NOT NULL,
  number TEXT NOT NULL,
  issued_on {i64} NOT NULL,
  currency TEXT NOT NULL,
  amount_minor {i64} NOT NULL,
  payment_method TEXT,
  holder TEXT,
  reference TEXT,
  cancelled {i64} NOT NULL,
  reason TEXT,
  CONSTRAINT document_pk PRIMARY KEY (part, customer_id, document_id, version)
) {clustered};

CREATE TABLE instalment (
  part {i64} NOT NULL,
  customer_id {i64} NOT NULL,
  document_id {i64} NOT NULL,
  version {i64} NOT NULL,
  instalment_no {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  due_on {i64} NOT NULL,
  amount_minor {i64} NOT NULL,
  discount_until {i64},
  discounted_minor {i64},
  CONSTRAINT instalment_pk PRIMARY KEY (part, customer_id, document_id, version, instalment_no)
) {clustered};

CREATE TABLE payment (
  part {i64} NOT NULL,
  customer_id {i64} NOT NULL,
  payment_id {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  kind {i64} NOT NULL,
  number TEXT NOT NULL,
  value_on {i64} NOT NULL,
  currency TEXT NOT NULL,
  amount_minor {i64} NOT NULL,
  reverses_id {i64},
  sealed_payer {blob},
  reference TEXT,
  cancelled {i64} NOT NULL,
  reason TEXT,
  CONSTRAINT payment_pk PRIMARY KEY (part, customer_id, payment_id, version)
) {clustered};

CREATE TABLE allocation (
  part {i64} NOT NULL,
  customer_id {i64} NOT NULL,
  allocation_id {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  kind {i64} NOT NULL,
  payment_id {i64},
  credit_id {i64},
  credit_instalment {i64},
  document_id {i64} NOT NULL,
  instalment_no {i64} NOT NULL,
  allocated_on {i64} NOT NULL,
  amount_minor {i64} NOT NULL,
  source_minor {i64} NOT NULL,
  reverses_id {i64},
  CONSTRAINT allocation_pk PRIMARY KEY (part, customer_id, allocation_id)
) {clustered};

CREATE TABLE dispute_mark (
  part {i64} NOT NULL,
  customer_id {i64} NOT NULL,
  dispute_mark_id {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  document_id {i64} NOT NULL,
  amount_minor {i64},
  from_day {i64} NOT NULL,
  until_day {i64},
  reason TEXT NOT NULL,
  CONSTRAINT dispute_mark_pk PRIMARY KEY (part, customer_id, dispute_mark_id, version)
) {clustered};

CREATE TABLE rate (
  part {i64} NOT NULL,
  base TEXT NOT NULL,
  quote TEXT NOT NULL,
  rate_on {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  scaled {i64} NOT NULL,
  CONSTRAINT rate_pk PRIMARY KEY (part, base, quote, rate_on, version)
) {clustered};

-- Promises, calls, follow-ups -------------------------------------------------------------------

CREATE TABLE promise (
  part {i64} NOT NULL,
  party_id {i64} NOT NULL,
  promise_id {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  entity_id {i64} NOT NULL,
  number TEXT NOT NULL,
  made_on {i64} NOT NULL,
  due_on {i64} NOT NULL,
  tolerance_days {i64} NOT NULL,
  currency TEXT NOT NULL,
  amount_minor {i64} NOT NULL,
  contact_id {i64},
  call_id {i64},
  CONSTRAINT promise_pk PRIMARY KEY (part, party_id, promise_id)
) {clustered};

CREATE TABLE promise_item (
  part {i64} NOT NULL,
  party_id {i64} NOT NULL,
  promise_id {i64} NOT NULL,
  item_no {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  customer_id {i64} NOT NULL,
  document_id {i64} NOT NULL,
  instalment_no {i64} NOT NULL,
  amount_minor {i64} NOT NULL,
  CONSTRAINT promise_item_pk PRIMARY KEY (part, party_id, promise_id, item_no)
) {clustered};

CREATE TABLE promise_event (
  part {i64} NOT NULL,
  party_id {i64} NOT NULL,
  promise_id {i64} NOT NULL,
  event_no {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  kind {i64} NOT NULL,
  on_day {i64} NOT NULL,
  reason TEXT NOT NULL,
  CONSTRAINT promise_event_pk PRIMARY KEY (part, party_id, promise_id, event_no)
) {clustered};

CREATE TABLE call (
  part {i64} NOT NULL,
  party_id {i64} NOT NULL,
  call_id {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  entity_id {i64} NOT NULL,
  customer_id {i64},
  business_date {i64} NOT NULL,
  started_at {i64} NOT NULL,
  ended_at {i64} NOT NULL,
  entered_at {i64} NOT NULL,
  direction {i64} NOT NULL,
  contact_id {i64},
  line_outcome {i64} NOT NULL,
  disposition {i64},
  delay_reason TEXT NOT NULL,
  next_action {i64},
  next_action_on {i64},
  next_action_owner TEXT,
  next_action_reason TEXT,
  author TEXT NOT NULL,
  amendment_reason TEXT,
  sealed_text {blob},
  CONSTRAINT call_pk PRIMARY KEY (part, party_id, call_id, version)
) {clustered};

CREATE TABLE call_item (
  part {i64} NOT NULL,
  party_id {i64} NOT NULL,
  call_id {i64} NOT NULL,
  version {i64} NOT NULL,
  item_no {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  customer_id {i64} NOT NULL,
  document_id {i64} NOT NULL,
  instalment_no {i64} NOT NULL,
  currency TEXT NOT NULL,
  open_minor {i64} NOT NULL,
  days_overdue {i64} NOT NULL,
  CONSTRAINT call_item_pk PRIMARY KEY (part, party_id, call_id, version, item_no)
) {clustered};

CREATE TABLE delay_reason (
  part {i64} NOT NULL,
  code TEXT NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  label TEXT NOT NULL,
  retired_on {i64},
  CONSTRAINT delay_reason_pk PRIMARY KEY (part, code, version)
) {clustered};

CREATE TABLE follow_up (
  part {i64} NOT NULL,
  party_id {i64} NOT NULL,
  follow_up_id {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  entity_id {i64} NOT NULL,
  kind {i64} NOT NULL,
  opened_on {i64} NOT NULL,
  due_on {i64} NOT NULL,
  owner TEXT NOT NULL,
  promise_id {i64},
  call_id {i64},
  action {i64} NOT NULL,
  closed_on {i64},
  closing {i64},
  CONSTRAINT follow_up_pk PRIMARY KEY (part, party_id, follow_up_id, version)
) {clustered};

CREATE TABLE hold (
  part {i64} NOT NULL,
  party_id {i64} NOT NULL,
  hold_id {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  from_day {i64} NOT NULL,
  until_day {i64},
  reason TEXT NOT NULL,
  CONSTRAINT hold_pk PRIMARY KEY (part, party_id, hold_id, version)
) {clustered};

-- Strategy and the daily run --------------------------------------------------------------------

CREATE TABLE book (
  part {i64} NOT NULL,
  book_id {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  entity_id {i64} NOT NULL,
  name TEXT NOT NULL,
  collector TEXT NOT NULL,
  manager TEXT NOT NULL,
  priority {i64} NOT NULL,
  numbers TEXT NOT NULL,
  number_patterns TEXT NOT NULL,
  countries TEXT NOT NULL,
  segments TEXT NOT NULL,
  from_day {i64} NOT NULL,
  until_day {i64},
  CONSTRAINT book_pk PRIMARY KEY (part, book_id, version)
) {clustered};

CREATE TABLE strategy (
  part {i64} NOT NULL,
  entity_id {i64} NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  small_balance_minor {i64} NOT NULL,
  quiet_days {i64} NOT NULL,
  manager TEXT NOT NULL,
  CONSTRAINT strategy_pk PRIMARY KEY (part, entity_id, version)
) {clustered};

CREATE TABLE run (
  part {i64} NOT NULL,
  run_id {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  entity_id {i64} NOT NULL,
  business_date {i64} NOT NULL,
  ran_at {i64} NOT NULL,
  strategy_version {i64} NOT NULL,
  summary TEXT NOT NULL,
  CONSTRAINT run_pk PRIMARY KEY (part, run_id)
) {clustered};

CREATE TABLE reached_step (
  part {i64} NOT NULL,
  customer_id {i64} NOT NULL,
  document_id {i64} NOT NULL,
  instalment_no {i64} NOT NULL,
  step TEXT NOT NULL,
  entry_id {i64} NOT NULL,
  business_date {i64} NOT NULL,
  status {i64} NOT NULL,
  CONSTRAINT reached_step_pk PRIMARY KEY (part, customer_id, document_id, instalment_no, step)
) {clustered};

CREATE TABLE due_action (
  part {i64} NOT NULL,
  party_id {i64} NOT NULL,
  entity_id {i64} NOT NULL,
  business_date {i64} NOT NULL,
  channel {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  action {i64} NOT NULL,
  level {i64} NOT NULL,
  items TEXT NOT NULL,
  CONSTRAINT due_action_pk PRIMARY KEY (part, party_id, entity_id, business_date, channel)
) {clustered};

CREATE TABLE worklist_entry (
  part {i64} NOT NULL,
  run_id {i64} NOT NULL,
  collector TEXT NOT NULL,
  position {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  party_id {i64} NOT NULL,
  entry TEXT NOT NULL,
  CONSTRAINT worklist_entry_pk PRIMARY KEY (part, run_id, collector, position)
) {clustered};

-- Imports ---------------------------------------------------------------------------------------

CREATE TABLE import_profile (
  part {i64} NOT NULL,
  name TEXT NOT NULL,
  version {i64} NOT NULL,
  entry_id {i64} NOT NULL,
  kind TEXT NOT NULL,
  options TEXT NOT NULL,
  CONSTRAINT import_profile_pk PRIMARY KEY (part, name, version)
) {clustered};

-- Staging: not facts; dropped when the import is published or given up.
CREATE TABLE import_batch (
  part {i64} NOT NULL,
  import_id {i64} NOT NULL,
  entity_id {i64} NOT NULL,
  kind TEXT NOT NULL,
  file_name TEXT NOT NULL,
  file_hash {blob} NOT NULL,
  options TEXT NOT NULL,
  status {i64} NOT NULL,
  staged_rows {i64} NOT NULL,
  started_at {i64} NOT NULL,
  report TEXT NOT NULL,
  CONSTRAINT import_batch_pk PRIMARY KEY (part, import_id)
) {clustered};

CREATE TABLE import_chunk (
  part {i64} NOT NULL,
  import_id {i64} NOT NULL,
  chunk_no {i64} NOT NULL,
  row_count {i64} NOT NULL,
  records {blob} NOT NULL,
  CONSTRAINT import_chunk_pk PRIMARY KEY (part, import_id, chunk_no)
) {clustered};
