#pragma once

#include <span>
#include <string>
#include <string_view>

#include "adapters/storage/db.h"
#include "adapters/storage/hashing.h"

/// The fact tables: rows that are inserted once, under a journal entry, and never changed.
namespace arrears::storage {

struct FactColumn {
  std::string_view name;
  Value::Kind type;
  bool nullable;
};

/// A fact table. The key columns come first (`part` first of all), then `entry_id`, then the rest.
/// Columns are only ever added at the end, and nullable: then the hashes of older rows hold.
struct FactTable {
  std::string_view name;
  std::span<const FactColumn> columns;
  int key_columns;

  int entry_column() const { return key_columns; }
  /// Whether the second column names the customer or party that the row is about.
  bool has_owner() const {
    return columns[1].name == "customer_id" || columns[1].name.ends_with("party_id");
  }
};

namespace facts {

extern const FactTable allocation;
extern const FactTable api_token;
extern const FactTable book;
extern const FactTable calendar_day;
extern const FactTable call;
extern const FactTable call_item;
extern const FactTable call_review;
extern const FactTable consent;
extern const FactTable contact;
extern const FactTable customer;
extern const FactTable delay_reason;
extern const FactTable dispute_mark;
extern const FactTable document;
extern const FactTable due_action;
extern const FactTable entity;
extern const FactTable follow_up;
extern const FactTable group_edge;
extern const FactTable guard_decision;
extern const FactTable guard_pack;
extern const FactTable hold;
extern const FactTable import_profile;
extern const FactTable instalment;
extern const FactTable interaction;
extern const FactTable party;
extern const FactTable payment;
extern const FactTable person;
extern const FactTable promise;
extern const FactTable promise_event;
extern const FactTable promise_item;
extern const FactTable rate;
extern const FactTable reached_step;
extern const FactTable run;
extern const FactTable strategy;
extern const FactTable substitution;
extern const FactTable suppression;
extern const FactTable worklist_entry;

/// All of them, in order of name.
std::span<const FactTable* const> all();

}  // namespace facts

/// Values of a row in the order of the table's columns, without `entry_id`.
using FactValues = std::span<const Value>;

/// Inserts a row under an entry. The values must have the columns' types (a mistake of ours else);
/// the part must be the entry's.
void insert_fact(Connection& connection, const FactTable& table, std::int64_t entry_id,
                 FactValues values);

/// The row's hash: over the table's name and each non-null column's position, type and bytes.
LeafHash leaf_hash(const FactTable& table, FactValues values);

/// The key columns as bytes that sort as the key does.
void append_sort_key(const FactTable& table, FactValues values, std::string& bytes);

/// "SELECT <columns> FROM <table>", all columns in order.
std::string select_columns(const FactTable& table);

/// Such a query with " WHERE ..." in order of the table's key.
std::string select_in_order(const FactTable& table, std::string_view condition);

/// The current row of such a query, without `entry_id`; views last until the next row.
void read_values(const FactTable& table, const Query& row, std::vector<Value>& values);

/// "document 4711 version 2 (INV-10452)": how a row is named to people.
std::string describe_row(const FactTable& table, FactValues values);

}  // namespace arrears::storage
