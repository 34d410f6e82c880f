#include "adapters/storage/journal.h"

#include <algorithm>
#include <set>

namespace arrears::storage {

namespace {
constexpr std::string_view private_place = "journal.private_payload";
}

CommandJournal::EntryIndex CommandJournal::open(base::Part part, EntryKind kind,
                                                std::string payload) {
  ARREARS_REQUIRE(!written_);
  Entry& entry = entries_.emplace_back();
  entry.part = part;
  entry.kind = kind;
  entry.id = ids_.next(part);
  entry.payload = std::move(payload);
  if (command_id_ == 0) command_id_ = entry.id;
  return entries_.size() - 1;
}

void CommandJournal::set_payload(EntryIndex entry, std::string payload) {
  entries_.at(entry).payload = std::move(payload);
}

void CommandJournal::set_private_payload(EntryIndex index, parties::PartyId party,
                                         std::string_view payload) {
  Entry& entry = entries_.at(index);
  ARREARS_REQUIRE(party.part() == entry.part);
  entry.private_party = party;
  entry.private_payload = keys_.seal(party, private_place, payload);
}

void CommandJournal::insert(EntryIndex index, const FactTable& table, FactValues values) {
  ARREARS_REQUIRE(!written_);
  Entry& entry = entries_.at(index);
  ARREARS_REQUIRE(!entry.closed);
  ARREARS_REQUIRE(!values.empty() && values[0].integer() == entry.part);
  insert_fact(connection_, table, entry.id, values);
  Row& row = entry.rows.emplace_back();
  row.table = &table;
  row.key_begin = entry.keys.size();
  append_sort_key(table, values, entry.keys);
  row.key_size = entry.keys.size() - row.key_begin;
  row.leaf = leaf_hash(table, values);
}

void CommandJournal::write(std::string_view actor, base::Instant recorded_at) {
  ARREARS_REQUIRE(!written_);
  written_ = true;
  close_entries();
  for (Entry& entry : entries_) write(entry, actor, recorded_at);
  std::set<base::Part> parts;
  for (const Entry& entry : entries_) parts.insert(entry.part);
  for (const base::Part part : parts) {
    connection_.execute(
        "INSERT INTO id_mark (part, last_id) VALUES (:part, :last_id) "
        "ON CONFLICT (part) DO UPDATE SET last_id = CASE WHEN excluded.last_id > id_mark.last_id "
        "THEN excluded.last_id ELSE id_mark.last_id END",
        part, ids_.next(part));
  }
}

void rise_above_marks(Connection& connection, base::IdSource& ids) {
  Query marks = connection.query("SELECT part, last_id FROM id_mark -- wide");
  while (marks.next()) {
    ids.rise_above(static_cast<base::Part>(marks.int64_at(0)), marks.int64_at(1));
  }
}

void CommandJournal::close_entries() {
  for (; closed_ < entries_.size(); ++closed_) close(entries_[closed_]);
}

void CommandJournal::close(Entry& entry) {
  const auto key = [&](const Row& row) {
    return std::string_view(entry.keys).substr(row.key_begin, row.key_size);
  };
  const auto before = [&](const Row& a, const Row& b) {
    if (a.table != b.table) return a.table->name < b.table->name;
    return key(a) < key(b);
  };
  std::sort(entry.rows.begin(), entry.rows.end(), before);
  entry.leaves.reserve(entry.rows.size());
  for (const Row& row : entry.rows) entry.leaves.push_back(row.leaf);
  std::vector<Row>().swap(entry.rows);  // an assignment would keep the capacity
  std::string().swap(entry.keys);
  entry.closed = true;
}

void CommandJournal::write(Entry& entry, std::string_view actor, base::Instant recorded_at) {
  const std::vector<LeafHash>& leaves = entry.leaves;
  const ByteView row_hashes{leaves.empty() ? nullptr : leaves.front().data(), leaves.size() * 16};
  std::optional<std::int64_t> party;
  if (entry.private_party) party = entry.private_party->value;
  connection_.execute(
      "INSERT INTO journal (part, entry_id, command_id, command_entries, kind, schema_version, "
      "actor, recorded_at, payload, private_party, private_payload, row_count, rows_root, "
      "row_hashes) VALUES (:part, :entry_id, :command_id, :command_entries, :kind, "
      ":schema_version, :actor, :recorded_at, :payload, :private_party, :private_payload, "
      ":row_count, :rows_root, :row_hashes)",
      entry.part, entry.id, command_id_, entries_.size(), app::name(entry.kind),
      app::schema_version(entry.kind), actor, recorded_at.micros, entry.payload, party,
      entry.private_payload, leaves.size(), merkle_root(leaves), row_hashes);
  connection_.execute("INSERT INTO journal_pending (part, entry_id) VALUES (:part, :entry_id)",
                      entry.part, entry.id);
}

const std::string_view journal_columns =
    "j.part, j.entry_id, j.command_id, j.command_entries, j.kind, j.schema_version, j.actor, "
    "j.recorded_at, j.payload, j.private_party, j.private_payload, j.row_count, j.rows_root";

JournalRow read_journal_row(const Query& row) {
  JournalRow out;
  out.part = static_cast<base::Part>(row.int64_at(0));
  out.entry_id = row.int64_at(1);
  out.command_id = row.int64_at(2);
  out.command_entries = row.int64_at(3);
  out.kind = row.text_at(4);
  out.schema_version = row.int64_at(5);
  out.actor = row.text_at(6);
  out.recorded_at = row.int64_at(7);
  out.payload = row.text_at(8);
  out.private_party = row.optional_int64_at(9);
  if (!row.is_null(10)) out.private_payload = row.bytes_at(10);
  out.row_count = row.int64_at(11);
  out.rows_root = row.bytes_at(12);
  return out;
}

Hash entry_hash(const JournalRow& row) {
  HashInput input("arrears entry 1");
  input.integer(row.part)
      .integer(row.entry_id)
      .integer(row.command_id)
      .integer(row.command_entries)
      .text(row.kind)
      .integer(row.schema_version)
      .text(row.actor)
      .integer(row.recorded_at)
      .text(row.payload)
      .value(row.private_party)
      .value(row.private_payload)
      .integer(row.row_count)
      .blob(row.rows_root);
  return input.hash();
}

std::vector<TailEntry> read_tail(Connection& connection, PartyKeys& keys, int count) {
  static const std::string sql =
      "SELECT " + std::string(journal_columns) +
      ", s.seq FROM journal j LEFT JOIN journal_seal s ON s.part = j.part AND "
      "s.entry_id = j.entry_id WHERE j.part = :part AND j.entry_id = :entry_id";
  // The newest of every part, then the newest of those: an id's upper bits are its time.
  std::vector<std::pair<std::int64_t, base::Part>> newest;
  for (base::Part part = 0; part < base::part_count; ++part) {
    Query ids = connection.query(
        "SELECT entry_id FROM journal WHERE part = :part ORDER BY entry_id DESC LIMIT :count", part,
        count);
    while (ids.next()) newest.emplace_back(ids.int64_at(0), part);
  }
  std::sort(newest.begin(), newest.end());
  if (newest.size() > static_cast<std::size_t>(count))
    newest.erase(newest.begin(), newest.end() - count);
  std::vector<TailEntry> tail;
  for (const auto& [entry_id, part] : newest) {
    Query rows = connection.query(sql, part, entry_id);
    rows.next();
    const JournalRow row = read_journal_row(rows);
    TailEntry& entry = tail.emplace_back();
    entry = {part,
             rows.optional_int64_at(journal_column_count),
             entry_id,
             row.command_id,
             row.kind,
             row.actor,
             {row.recorded_at},
             row.payload,
             {},
             false,
             row.row_count};
    if (!row.private_party || !row.private_payload) continue;
    const auto text = keys.open({*row.private_party}, private_place, *row.private_payload);
    entry.erased = !text;
    entry.private_payload = text.value_or("");
  }
  return tail;
}

std::optional<std::vector<LeafHash>> split_row_hashes(ByteView bytes) {
  constexpr std::size_t size = std::tuple_size_v<LeafHash>;
  if (bytes.size() % size != 0) return std::nullopt;
  std::vector<LeafHash> leaves(bytes.size() / size);
  for (std::size_t i = 0; i < leaves.size(); ++i) {
    std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(i * size), size, leaves[i].begin());
  }
  return leaves;
}

}  // namespace arrears::storage
