#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "app/import_source.h"

/// Staged records: how a chunk keeps them, and how a batch gives them back.
namespace arrears::app {

/// A record within a batch.
struct StagedRecord {
  std::int64_t line = 0;
  std::size_t first_value = 0;  ///< in RecordBatch::values
  std::vector<RecordProblem> problems;
};

/// Some decoded chunks, in which the values stay. Kept small: a batch may have many records.
class RecordBatch {
 public:
  explicit RecordBatch(std::size_t fields) : fields_(fields) {}
  RecordBatch(const RecordBatch&) = delete;
  RecordBatch& operator=(const RecordBatch&) = delete;

  /// Takes the records of an encoded chunk.
  void add(std::string chunk);
  /// Lets go of everything.
  void clear();

  const std::vector<StagedRecord>& records() const { return records_; }
  std::string_view value(const StagedRecord& record, int field) const {
    return field < 0 ? std::string_view{} : text_at(values_[record.first_value + field]);
  }
  /// All values of a record.
  std::vector<std::string_view> values(const StagedRecord& record) const;
  std::size_t field_count() const { return fields_; }

 private:
  /// The text whose length begins at `at`.
  static std::string_view text_at(const char* at) {
    std::size_t length = 0;
    for (int shift = 0;; shift += 7) {
      const auto byte = static_cast<unsigned char>(*at++);
      length |= static_cast<std::size_t>(byte & 0x7F) << shift;
      if (byte < 0x80) return {at, length};
    }
  }

  std::size_t fields_;
  std::vector<std::string> chunks_;
  std::vector<const char*> values_;  ///< where each begins in its chunk, with its length
  std::vector<StagedRecord> records_;
};

/// Appends a record to an encoded chunk.
void append_record(std::string& chunk, std::int64_t line,
                   const std::vector<std::string_view>& values,
                   const std::vector<RecordProblem>& problems);

/// What was seen in the file so far, by key: 12 bytes a key. Keys are told apart by 64 bits of a
/// hash: two of 10^7 are mistaken for each other in one of some 200,000 files.
class SeenKeys {
 public:
  SeenKeys();
  /// The value of `key`, 0 where it is new.
  std::uint32_t& operator[](std::string_view key);
  std::uint32_t find(std::string_view key) const;

 private:
  std::size_t slot(std::uint64_t hash) const;
  void grow();

  std::vector<std::uint64_t> hashes_;
  std::vector<std::uint32_t> values_;
  std::size_t size_ = 0;
};

/// FNV-1a over 64 bits with a final mix.
std::uint64_t content_hash(std::string_view text);

}  // namespace arrears::app
