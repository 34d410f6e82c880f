#include "adapters/storage/copy_site.h"

#include <sodium.h>

#include <algorithm>

#include "adapters/storage/migrations.h"
#include "adapters/storage/verify.h"

namespace arrears::storage {

namespace {

/// Tables that belong to a database and not to the site in it.
constexpr std::string_view not_copied[] = {"lease", "lock_row", "schema_migration", "session",
                                           "sign_in_guess"};

// What is lost by an interruption, and what an engine keeps in its log until a commit.
constexpr int rows_a_commit = 50'000;
constexpr std::size_t bytes_a_commit = 32U << 20;

/// A database, and the name under which its failures are told.
struct Side {
  std::unique_ptr<Connection> connection;
  std::string name;

  template <class Act>
  auto operator()(const Act& act) const {
    try {
      return act(*connection);
    } catch (const StorageError& error) {
      throw StorageError(error.problem, std::string(error.what()) + " [" + name + "]");
    }
  }
};

template <class Open>
Side open_side(const std::string& url, const Open& open) {
  ARREARS_REQUIRE(url != "sqlite::memory:");
  Side side{nullptr, without_password(url)};
  try {
    side.connection = open(url);
  } catch (const StorageError& error) {
    throw StorageError(error.problem, std::string(error.what()) + " [" + side.name + "]");
  }
  return side;
}

std::int64_t number(Connection& connection, const std::string& select) {
  Query row = connection.query(select);
  ARREARS_REQUIRE(row.next());
  return row.int64_at(0);
}

std::int64_t count_rows(Connection& connection, const std::string& table) {
  return number(connection, "SELECT count(*) FROM " + table + " -- wide");
}

/// A table of the schema with the texts that read and write it.
struct Table {
  std::string name;
  std::vector<TableColumn> columns;
  std::string select;  ///< in order of the key
  LaterWrite write;
  std::int64_t rows = 0;
};

Table make_table(const std::string& name, std::vector<TableColumn> columns) {
  std::vector<std::string_view> names;
  std::vector<std::pair<int, std::string_view>> key;
  std::string list;
  for (const TableColumn& column : columns) {
    names.push_back(column.name);
    list += (list.empty() ? "" : ", ") + column.name;
    if (column.key > 0) key.emplace_back(column.key, column.name);
  }
  std::sort(key.begin(), key.end());
  std::string order;
  for (const auto& [place, column] : key) {
    order += order.empty() ? "" : ", ";
    order += column;
  }
  ARREARS_REQUIRE(!order.empty());
  const std::string select = "SELECT " + list + " FROM " + name + " ORDER BY " + order + " -- wide";
  LaterWrite write = insert_into(name, names);
  return {name, std::move(columns), select, std::move(write), 0};
}

/// The tables of a database that the program has just made, in order of name.
std::vector<Table> tables_of(Connection& connection) {
  std::vector<std::string> names = connection.table_names();
  std::sort(names.begin(), names.end());
  std::vector<Table> tables;
  for (const std::string& name : names) {
    if (std::find(std::begin(not_copied), std::end(not_copied), name) != std::end(not_copied)) {
      continue;
    }
    tables.push_back(make_table(name, connection.columns(name)));
  }
  return tables;
}

/// Whether anything was ever recorded: the rows of `site` are there as soon as somebody asks.
bool holds_anything(Connection& connection, const std::vector<Table>& tables) {
  for (const Table& table : tables) {
    if (table.name == "site") continue;
    const std::string where = table.name == "id_mark" ? " WHERE last_id > 0" : "";
    if (number(connection, "SELECT count(*) FROM (SELECT 1 FROM " + table.name + where +
                               " LIMIT 1) any_row -- wide") > 0) {
      return true;
    }
  }
  return false;
}

/// What tells whether somebody changed the site: also what has no journal entry.
struct SiteState {
  std::int64_t checkpoint = 0;
  std::int64_t pending = 0;
  std::int64_t staged = 0;
  std::int64_t erased = 0;
  bool operator==(const SiteState&) const = default;
};

SiteState state_of(Connection& connection) {
  const std::optional<Checkpoint> last = last_checkpoint(connection);
  return {
      last ? last->number : 0, count_rows(connection, "journal_pending"),
      number(connection,
             "SELECT count(*) + (SELECT count(*) FROM import_chunk) "
             "FROM import_batch -- wide"),
      number(connection, "SELECT count(*) FROM party_key WHERE length(wrapped_key) = 0 -- wide")};
}

std::string make_token() {
  std::array<std::uint8_t, 16> token{};
  randombytes_buf(token.data(), token.size());
  return to_hex(token);
}

/// The row's values, which last until the next row; answers about how many bytes they have.
std::size_t read_row(const Table& table, const Query& row, std::vector<Value>& values) {
  values.clear();
  std::size_t bytes = 0;
  for (const TableColumn& column : table.columns) {
    const int at = static_cast<int>(values.size());
    if (row.is_null(at)) {
      values.emplace_back();
    } else if (column.type == Value::Kind::integer) {
      values.emplace_back(row.int64_at(at));
    } else if (column.type == Value::Kind::text) {
      values.emplace_back(row.text_at(at));
    } else {
      values.emplace_back(row.blob_at(at));
    }
    bytes += sizeof(std::int64_t) + values.back().text().size();
  }
  return bytes;
}

class SiteCopy {
 public:
  SiteCopy(const CopyOptions& options, const base::Clock& clock)
      : options_(options), keys_(KeyFile::load(options.key_file)), token_(make_token()) {
    from_ = open_side(options.from, [](const std::string& url) {
      return open_database(url, OpenMode::existing);
    });
    from_([&](Connection& site) {
      check_key_file(site, keys_);
      // So that the copy is verified against everything that is recorded by now.
      make_checkpoint(site, keys_, clock);
    });
    to_ = open_side(options.to, open_copy_target);
  }

  base::Result<CopyReport> run() {
    if (!to_([&](Connection& copy) { return mark(copy); })) {
      return base::refuse(CopyRefusal::target_not_empty,
                          "The database " + to_.name + " holds something already");
    }
    SiteState before;
    std::string exported;
    {
      const auto snapshot = from_([](Connection& site) {
        return std::make_unique<Transaction>(site, Transaction::Mode::read);
      });
      from_([&](Connection& site) {
        before = state_of(site);
        exported = export_checkpoint(site, keys_.public_key()).value();
        for (Table& table : tables_) report_.rows += table.rows = count_rows(site, table.name);
      });
      for (const Table& table : tables_) copy_table(table);
    }
    if (const auto problem = verify_copy(exported)) {
      return base::refuse(CopyRefusal::copy_not_verified, *problem);
    }
    if (from_([](Connection& site) { return state_of(site); }) != before) {
      return base::refuse(CopyRefusal::site_moved,
                          "The site " + from_.name + " was changed while it was copied");
    }
    to_([&](Connection& copy) { finish(copy); });
    return report_;
  }

 private:
  /// Marks an empty database as an unfinished copy; false where it holds anything.
  bool mark(Connection& copy) {
    Transaction transaction(copy, Transaction::Mode::write);
    tables_ = tables_of(copy);
    if (holds_anything(copy, tables_)) return false;
    copy.execute("DELETE FROM site");
    copy.execute("DELETE FROM id_mark -- wide");
    copy.execute("INSERT INTO site (name, value) VALUES (:name, :token)", unfinished_mark, token_);
    transaction.commit();
    return true;
  }

  void copy_table(const Table& table) {
    Query rows = from_([&](Connection& site) { return site.query(table.select); });
    bool more = from_([&](Connection&) { return rows.next(); });
    std::vector<Value> values;
    while (more) {
      const auto batch = to_([](Connection& copy) {
        return std::make_unique<Transaction>(copy, Transaction::Mode::write);
      });
      std::size_t bytes = 0;
      for (int count = 0; more && count < rows_a_commit && bytes < bytes_a_commit; ++count) {
        bytes += read_row(table, rows, values);
        to_([&](Connection& copy) { copy.write_later(table.write, values); });
        more = from_([&](Connection&) { return rows.next(); });
        if (copied_++ % 1'000 == 0) show("copying", copied_, report_.rows);
      }
      to_([&](Connection&) { batch->commit(); });
    }
    report_.tables.push_back({table.name, table.rows});
  }

  /// What is wrong with the copy; nothing where every hash holds and no row is missing.
  std::optional<std::string> verify_copy(const std::string& exported) {
    for (const Table& table : tables_) {
      const std::string where = table.name == "site"
                                    ? "site WHERE name <> '" + std::string(unfinished_mark) + "'"
                                    : table.name;
      const std::int64_t there = to_([&](Connection& copy) { return count_rows(copy, where); });
      if (there == table.rows) continue;
      return "The copy has " + std::to_string(there) + " of " + std::to_string(table.rows) +
             " rows of the table " + table.name;
    }
    const auto against = parse_checkpoint_file(exported);
    ARREARS_REQUIRE(against.has_value());
    const Verification found = to_([&](Connection& copy) {
      return verify(copy, {keys_.public_key(), against,
                           [&](int done, int total) { show("verifying", done, total); }});
    });
    if (!found.passed()) {
      const Problem& first = found.problems.front();
      return "The journal of the copy is not verified: " + std::to_string(found.problem_count) +
             " problems, the first: " + first.where + ": " + first.text;
    }
    if (to_([&](Connection& copy) { return export_checkpoint(copy, keys_.public_key()); }) !=
        exported) {
      return "The copy does not export the checkpoint of the site";
    }
    report_.checkpoint = against->checkpoint;
    report_.entries = found.entries;
    return std::nullopt;
  }

  /// Takes off the mark, which is another one where another copy into it was begun meanwhile.
  void finish(Connection& copy) const {
    Transaction transaction(copy, Transaction::Mode::write);
    if (copy.execute("DELETE FROM site WHERE name = :name AND value = :token", unfinished_mark,
                     token_) != 1) {
      throw StorageError(StorageProblem::busy, "Another copy into the same database was begun");
    }
    transaction.commit();
  }

  void show(std::string_view what, std::int64_t done, std::int64_t total) const {
    if (options_.progress) options_.progress(what, done, total);
  }

  const CopyOptions& options_;
  KeyFile keys_;
  std::string token_;
  std::vector<Table> tables_;
  Side from_;
  Side to_;
  std::int64_t copied_ = 0;
  CopyReport report_;
};

}  // namespace

base::Result<CopyReport> copy_site(const CopyOptions& options, const base::Clock& clock) {
  return SiteCopy(options, clock).run();
}

}  // namespace arrears::storage
