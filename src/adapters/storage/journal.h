#pragma once

#include <algorithm>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/storage/db.h"
#include "adapters/storage/facts.h"
#include "adapters/storage/keys.h"
#include "app/entry_kinds.h"
#include "base/clock.h"
#include "base/ids.h"
#include "domain/parties/parties.h"

/// The journal: who changed what and when, one entry per part and change, written in the
/// transaction of the change together with the hashes of the fact rows that it wrote.
namespace arrears::storage {

using app::EntryKind;

/// A journal entry without a place in its part's chain, and its hash.
struct UnsealedEntry {
  base::Part part = 0;
  std::int64_t entry_id = 0;
  Hash hash{};
  bool operator<(const UnsealedEntry& other) const {
    return part != other.part ? part < other.part : entry_id < other.entry_id;
  }
};

/// All entries of one command. Lives inside one write transaction: open entries, insert facts under
/// them, then `write` before the transaction commits.
class CommandJournal {
 public:
  CommandJournal(Connection& connection, base::IdSource& ids, PartyKeys& keys)
      : connection_(connection), ids_(ids), keys_(keys) {}

  /// Stands for an entry of this command.
  using EntryIndex = std::size_t;

  /// `payload` is JSON without personal data.
  EntryIndex open(base::Part part, EntryKind kind, std::string payload = "{}");
  void set_payload(EntryIndex entry, std::string payload);
  /// JSON with personal data, sealed with the party's key. The party is in the entry's part.
  void set_private_payload(EntryIndex entry, parties::PartyId party, std::string_view payload);

  /// Inserts a fact row under the entry; `values` without `entry_id`.
  void insert(EntryIndex entry, const FactTable& table, FactValues values);
  void insert(EntryIndex entry, const FactTable& table, std::initializer_list<Value> values) {
    insert(entry, table, FactValues(values.begin(), values.size()));
  }

  std::int64_t entry_id(EntryIndex entry) const { return entries_.at(entry).id; }
  std::int64_t command_id() const { return command_id_; }

  /// Nothing is inserted any more under the entries opened so far: of each row only the hash is
  /// kept from now on.
  void close_entries();

  /// Whether it has a row of the table.
  bool wrote(const FactTable& table) const {
    return std::ranges::find(tables_, &table) != tables_.end();
  }

  /// Writes the entries; nothing can be added after it. They wait for a sealer.
  void write(std::string_view actor, base::Instant recorded_at);
  /// The same for whoever seals them in the same transaction.
  std::vector<UnsealedEntry> write_unsealed(std::string_view actor, base::Instant recorded_at);

 private:
  struct Row {
    const FactTable* table;
    std::size_t key_begin;  ///< in Entry::keys
    std::size_t key_size;
    LeafHash leaf;
  };
  struct Entry {
    base::Part part;
    EntryKind kind;
    std::int64_t id;
    std::string payload;
    std::optional<parties::PartyId> private_party;
    std::optional<Bytes> private_payload;
    std::vector<Row> rows;
    std::string keys;
    std::vector<std::int64_t> owners;  ///< of the rows; once closed sorted, each once
    bool closed = false;
    std::vector<LeafHash> leaves;  ///< once closed: of the rows, in order of table and key
    Hash root{};                   ///< once closed: over the leaves
  };

  static void close(Entry& entry);
  UnsealedEntry write(const Entry& entry, std::string_view actor, base::Instant recorded_at);

  Connection& connection_;
  base::IdSource& ids_;
  PartyKeys& keys_;
  std::int64_t command_id_ = 0;
  std::deque<Entry> entries_;
  std::vector<const FactTable*> tables_;  ///< of their rows
  std::size_t closed_ = 0;                ///< entries at the front that are closed
  bool written_ = false;
};

/// Makes the ids of `ids` rise above what was made in the parts. Right after their lock was taken.
void rise_above_marks(base::IdSource& ids, std::span<const PartMark> marks);

/// A journal row as it is hashed and verified.
struct JournalRow {
  base::Part part = 0;
  std::int64_t entry_id = 0;
  std::int64_t command_id = 0;
  std::int64_t command_entries = 0;
  std::string kind;
  std::int64_t schema_version = 0;
  std::string actor;
  std::int64_t recorded_at = 0;
  std::string payload;
  std::optional<std::int64_t> private_party;
  std::optional<Bytes> private_payload;
  std::int64_t row_count = 0;
  Bytes rows_root;
  std::optional<Bytes> owners;  ///< nothing in entries that are older than the column
};

/// The customers and parties that an entry's rows are about, as the column `owners` keeps them:
/// sorted, each once, 8 bytes each with the low byte first.
Bytes pack_owners(const std::vector<std::int64_t>& sorted);
/// Appends what `pack_owners` made; false where the length is wrong.
bool append_owners(ByteView bytes, std::vector<std::int64_t>& owners);

/// The columns of `JournalRow`, for a SELECT that `read_journal_row` reads from column 0 on.
extern const std::string_view journal_columns;
constexpr int journal_column_count = 14;
JournalRow read_journal_row(const Query& row);

/// Over all columns but `row_hashes`, which `rows_root` stands for.
Hash entry_hash(const JournalRow& row);

/// A journal entry for people and feeds.
struct TailEntry {
  base::Part part = 0;
  std::optional<std::int64_t> seq;  ///< nothing: not sealed yet
  std::int64_t entry_id = 0;
  std::int64_t command_id = 0;
  std::string kind;
  std::string actor;
  base::Instant recorded_at;
  std::string payload;          ///< JSON
  std::string private_payload;  ///< JSON, empty if there is none or its key was destroyed
  bool erased = false;          ///< there was a private payload; its key was destroyed
  std::int64_t row_count = 0;   ///< facts written
};

/// The last `count` entries by their ids' time, oldest first.
std::vector<TailEntry> read_tail(Connection& connection, PartyKeys& keys, int count);

/// The leaves of an entry's `row_hashes`; nothing where the length is wrong.
std::optional<std::vector<LeafHash>> split_row_hashes(ByteView bytes);

}  // namespace arrears::storage
