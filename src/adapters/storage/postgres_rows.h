#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "adapters/storage/db.h"

/// What PostgreSQL gets in the form of its binary COPY. Internal to the PostgreSQL connection.
namespace arrears::storage {

/// The fields of one row as libpq wants them for a statement.
struct PostgresFields {
  std::vector<const char*> values;  ///< null pointer: null
  std::vector<int> lengths;
  std::vector<int> formats;  ///< all binary
};

/// The parameters of a statement. Integers go as text, which every integer type reads; text and
/// blobs as their bytes. What is not bound is null.
class PostgresParameters {
 public:
  explicit PostgresParameters(std::size_t count = 0) : bytes_(count) { clear(); }
  std::size_t size() const { return bytes_.size(); }
  void clear();
  void bind(std::size_t parameter, const Value& value);
  /// Views, good until the next `bind`.
  const PostgresFields& fields() const { return fields_; }

 private:
  std::vector<std::string> bytes_;
  PostgresFields fields_;
};

/// Rows of one text that wait to be sent.
struct WaitingRows {
  const LaterWrite* write = nullptr;
  std::size_t columns = 0;
  std::size_t count = 0;
  std::string bytes;  ///< of a binary COPY, without its head and end

  void append(std::span<const Value> values);
  /// The row at `at`; moves `at` to the next one. The fields point into `bytes`.
  void read(std::size_t& at, PostgresFields& fields) const;
};

/// From so many waiting rows of a text on, a COPY is faster than inserts.
constexpr std::size_t copy_rows_min = 64;

extern const std::string_view copy_head;
extern const std::string_view copy_end;

/// All rows that wait, by text.
class WaitingWrites {
 public:
  void add(const LaterWrite& write, std::span<const Value> values);
  bool empty() const { return texts_.empty(); }
  /// Whether so much waits that it had better go.
  bool full() const { return bytes_ >= bytes_max; }
  void clear() {
    texts_.clear();
    bytes_ = 0;
  }
  /// Everything, in order of the texts' first rows; nothing waits afterwards.
  std::vector<WaitingRows> take();
  /// Only what goes by COPY: texts of so many rows.
  std::vector<WaitingRows> take_copied();

 private:
  static constexpr std::size_t bytes_max = 4 << 20;

  std::vector<WaitingRows> texts_;
  std::size_t bytes_ = 0;
};

}  // namespace arrears::storage
