#include "adapters/storage/journal.h"

#include <algorithm>
#include <array>
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
  if (tables_.empty() || (tables_.back() != &table && !wrote(table))) tables_.push_back(&table);
  Row& row = entry.rows.emplace_back();
  row.table = &table;
  row.key_begin = entry.keys.size();
  append_sort_key(table, values, entry.keys);
  row.key_size = entry.keys.size() - row.key_begin;
  row.leaf = leaf_hash(table, values);
  if (!table.has_owner()) return;
  const std::int64_t owner = values[1].integer();
  if (entry.owners.empty() || entry.owners.back() != owner) entry.owners.push_back(owner);
}

void CommandJournal::write(std::string_view actor, base::Instant recorded_at) {
  static const LaterWrite wait =
      insert_into("journal_pending", std::array<std::string_view, 2>{"part", "entry_id"});
  for (const UnsealedEntry& entry : write_unsealed(actor, recorded_at))
    connection_.write_later(wait, {entry.part, entry.entry_id});
}

std::vector<UnsealedEntry> CommandJournal::write_unsealed(std::string_view actor,
                                                          base::Instant recorded_at) {
  static const LaterWrite mark = {
      "INSERT INTO id_mark (part, last_id) VALUES (:part, :last_id) "
      "ON CONFLICT (part) DO UPDATE SET last_id = CASE WHEN excluded.last_id > id_mark.last_id "
      "THEN excluded.last_id ELSE id_mark.last_id END",
      {}};
  ARREARS_REQUIRE(!written_);
  written_ = true;
  close_entries();
  std::vector<UnsealedEntry> written;
  std::set<base::Part> parts;
  for (const Entry& entry : entries_) {
    written.push_back(write(entry, actor, recorded_at));
    parts.insert(entry.part);
  }
  for (const base::Part part : parts) connection_.write_later(mark, {part, ids_.next(part)});
  return written;
}

void rise_above_marks(base::IdSource& ids, std::span<const PartMark> marks) {
  for (const PartMark& mark : marks) ids.rise_above(mark.part, mark.last_id);
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
  entry.root = merkle_root(entry.leaves);
  std::vector<Row>().swap(entry.rows);  // an assignment would keep the capacity
  std::string().swap(entry.keys);
  std::sort(entry.owners.begin(), entry.owners.end());
  entry.owners.erase(std::unique(entry.owners.begin(), entry.owners.end()), entry.owners.end());
  entry.owners.shrink_to_fit();
  entry.closed = true;
}

UnsealedEntry CommandJournal::write(const Entry& entry, std::string_view actor,
                                    base::Instant recorded_at) {
  static const LaterWrite insert = insert_into(
      "journal", std::array<std::string_view, 15>{
                     "part", "entry_id", "command_id", "command_entries", "kind", "schema_version",
                     "actor", "recorded_at", "payload", "private_party", "private_payload",
                     "row_count", "rows_root", "owners", "row_hashes"});
  const std::vector<LeafHash>& leaves = entry.leaves;
  JournalRow row;
  row.part = entry.part;
  row.entry_id = entry.id;
  row.command_id = command_id_;
  row.command_entries = static_cast<std::int64_t>(entries_.size());
  row.kind = app::name(entry.kind);
  row.schema_version = app::schema_version(entry.kind);
  row.actor = actor;
  row.recorded_at = recorded_at.micros;
  row.payload = entry.payload;
  if (entry.private_party) row.private_party = entry.private_party->value;
  row.private_payload = entry.private_payload;
  row.row_count = static_cast<std::int64_t>(leaves.size());
  row.rows_root.assign(entry.root.begin(), entry.root.end());
  row.owners = pack_owners(entry.owners);
  const ByteView row_hashes{leaves.empty() ? nullptr : leaves.front().data(), leaves.size() * 16};
  connection_.write_later(
      insert, {row.part, row.entry_id, row.command_id, row.command_entries, row.kind,
               row.schema_version, row.actor, row.recorded_at, row.payload, row.private_party,
               row.private_payload, row.row_count, row.rows_root, row.owners, row_hashes});
  return {row.part, row.entry_id, entry_hash(row)};
}

const std::string_view journal_columns =
    "j.part, j.entry_id, j.command_id, j.command_entries, j.kind, j.schema_version, j.actor, "
    "j.recorded_at, j.payload, j.private_party, j.private_payload, j.row_count, j.rows_root, "
    "j.owners";

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
  if (!row.is_null(13)) out.owners = row.bytes_at(13);
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
  if (row.owners) input.blob(*row.owners);
  return input.hash();
}

Bytes pack_owners(const std::vector<std::int64_t>& sorted) {
  Bytes bytes;
  bytes.reserve(sorted.size() * 8);
  for (const std::int64_t owner : sorted) {
    for (int shift = 0; shift < 64; shift += 8)
      bytes.push_back(static_cast<std::uint8_t>(static_cast<std::uint64_t>(owner) >> shift));
  }
  return bytes;
}

bool append_owners(ByteView bytes, std::vector<std::int64_t>& owners) {
  if (bytes.size() % 8 != 0) return false;
  for (std::size_t at = 0; at < bytes.size(); at += 8) {
    std::uint64_t owner = 0;
    for (std::size_t i = 8; i-- > 0;) owner = owner << 8 | bytes[at + i];
    owners.push_back(static_cast<std::int64_t>(owner));
  }
  return true;
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
