#include <algorithm>
#include <set>

#include "adapters/storage/verify_part.h"

namespace arrears::storage {

namespace {

/// A fact row as it stands, in order of table name and key.
struct FoundRow {
  std::uint32_t entry;  ///< index in ReadPart::entries
  LeafHash leaf;
};

/// Calls `each(table, entry_id, values)` with the row that the query stands on.
template <class Each>
void give(const FactTable& table, const Query& row, std::vector<Value>& values, const Each& each) {
  read_values(table, row, values);
  each(table, row.int64_at(table.entry_column()), values);
}

/// The fact rows of a part, in order of table and key.
template <class Each>
void each_fact(VerifiedTables& tables, base::Part part, const Each& each) {
  std::vector<Value> values;
  for (std::size_t i = 0; i < tables.facts.size(); ++i) {
    tables.facts[i].of(part, [&](const Query& row) { give(*facts::all()[i], row, values, each); });
  }
}

/// The same once more, for a part that was passed.
template <class Each>
void each_fact(Connection& connection, base::Part part, const Each& each) {
  std::vector<Value> values;
  for (const FactTable* table : facts::all()) {
    Query rows = connection.query(
        select_columns(*table) + " WHERE part = :part ORDER BY " + key_columns(*table), part);
    while (rows.next()) give(*table, rows, values, each);
  }
}

/// A stretch where the rows found and the rows written do not agree, between two that do.
struct Stretch {
  std::vector<std::size_t> found;  ///< positions
  std::size_t written = 0;         ///< how many rows the entry wrote here
  std::string after;               ///< the row before, if any
};

std::vector<Stretch> compare(std::span<const LeafHash> written,
                             const std::vector<NamedRow>& found) {
  std::set<LeafHash> written_set(written.begin(), written.end());
  std::set<LeafHash> found_set;
  for (const NamedRow& row : found) found_set.insert(row.leaf);
  std::vector<Stretch> stretches;
  Stretch open;
  const auto close = [&](std::string after) {
    if (!open.found.empty() || open.written > 0) stretches.push_back(open);
    open = Stretch{};
    open.after = std::move(after);
  };
  std::size_t w = 0;
  std::size_t f = 0;
  while (w < written.size() || f < found.size()) {
    if (w < written.size() && !found_set.contains(written[w])) {
      ++open.written;
      ++w;
    } else if (f < found.size() && !written_set.contains(found[f].leaf)) {
      open.found.push_back(f++);
    } else {
      if (f < found.size()) close(found[f].name);
      if (w < written.size()) ++w;
      if (f < found.size()) ++f;
    }
  }
  close({});
  return stretches;
}

}  // namespace

void PartVerifier::check_facts() {
  std::vector<FoundRow> found;
  std::vector<std::pair<std::uint32_t, std::int64_t>> owners;            // entry's index, owner
  std::map<std::int64_t, std::pair<std::int64_t, std::string>> orphans;  // entry: rows, first row
  std::optional<std::size_t> last;
  each_fact(tables_, read_.part,
            [&](const FactTable& table, std::int64_t entry_id, FactValues values) {
              ++result_.rows;
              if (!last || read_.entries[*last].entry_id != entry_id) last = read_.find(entry_id);
              if (last) {
                const auto entry = static_cast<std::uint32_t>(*last);
                found.push_back({entry, leaf_hash(table, values)});
                if (!table.has_owner()) return;
                const std::pair owner(entry, values[1].integer());
                if (owners.empty() || owners.back() != owner) owners.push_back(owner);
                return;
              }
              auto& orphan = orphans[entry_id];
              if (orphan.first++ == 0) orphan.second = describe_row(table, values);
            });
  for (const auto& [entry_id, rows] : orphans) {
    add(ProblemKind::fact_added, "part " + std::to_string(read_.part),
        rows.second +
            (rows.first > 1 ? " and " + std::to_string(rows.first - 1) + " more rows"
                            : std::string()) +
            ": the journal has no entry " + std::to_string(entry_id) +
            " that wrote it. The entry was deleted, or the row was put in from outside.");
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const FoundRow& a, const FoundRow& b) { return a.entry < b.entry; });
  std::vector<std::size_t> differing;
  auto row = found.begin();
  for (std::size_t entry = 0; entry < read_.entries.size(); ++entry) {
    const auto begin = row;
    while (row != found.end() && row->entry == entry) ++row;
    const auto written = leaves_of(entry);
    const bool same = std::equal(begin, row, written.begin(), written.end(),
                                 [](const FoundRow& a, const LeafHash& b) { return a.leaf == b; });
    if (!same) differing.push_back(entry);
  }
  if (!differing.empty()) report_differences(differing);
  check_owners(owners, differing);
}

/// What the feed says of an entry. Where its rows differ from what it wrote, that was reported.
void PartVerifier::check_owners(std::vector<std::pair<std::uint32_t, std::int64_t>>& found,
                                const std::vector<std::size_t>& differing) {
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  auto next = found.begin();
  std::vector<std::int64_t> owners;
  for (std::size_t entry = 0; entry < read_.entries.size(); ++entry) {
    owners.clear();
    for (; next != found.end() && next->first == entry; ++next) owners.push_back(next->second);
    const auto moved = content_of_.find(entry);
    const ReadEntry& content = read_.entries[moved == content_of_.end() ? entry : moved->second];
    if (!content.owners || *content.owners == pack_owners(owners)) continue;
    if (std::binary_search(differing.begin(), differing.end(), entry)) continue;
    add(ProblemKind::owners_wrong, "part " + std::to_string(read_.part),
        "The customers and parties that " + name_of(content) +
            " says it touched are not those of its rows.");
  }
}

void PartVerifier::report_differences(const std::vector<std::size_t>& differing) {
  std::map<std::size_t, std::vector<NamedRow>> found;
  for (const std::size_t entry : differing) found[entry];
  each_fact(connection_, read_.part,
            [&](const FactTable& table, std::int64_t entry_id, FactValues values) {
              const auto entry = read_.find(entry_id);
              if (!entry) return;
              const auto rows = found.find(*entry);
              if (rows == found.end()) return;
              rows->second.push_back({leaf_hash(table, values), describe_row(table, values)});
            });
  for (const auto& [entry, rows] : found) report_entry(entry, rows);
}

void PartVerifier::report_entry(std::size_t index, const std::vector<NamedRow>& found) {
  const ReadEntry& entry = read_.entries[index];
  std::vector<LeafHash> leaves;
  for (const NamedRow& row : found) leaves.push_back(row.leaf);
  // The rows fit what was sealed and only the entry's list of them was altered: that is reported.
  if (merkle_root(leaves) == hash_from(entry.rows_root)) return;
  const std::string place = "part " + std::to_string(read_.part);
  for (const Stretch& stretch : compare(leaves_of(index), found)) {
    for (const std::size_t position : stretch.found) {
      const bool changed = stretch.written > 0;
      add(changed ? ProblemKind::fact_changed : ProblemKind::fact_added, place,
          found[position].name + (changed ? " was changed after " : " was not written by ") +
              name_of(entry) + (changed ? " wrote it." : ", which it names."));
    }
    if (stretch.written > stretch.found.size()) {
      add(ProblemKind::fact_missing, place,
          std::to_string(stretch.written - stretch.found.size()) + " of the rows that " +
              name_of(entry) + " wrote are gone" +
              (stretch.after.empty() ? std::string() : ", after " + stretch.after) + ".");
    }
  }
}

}  // namespace arrears::storage
