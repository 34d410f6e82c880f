#include "app/import_records.h"

#include "base/check.h"

namespace arrears::app {

namespace {

constexpr std::size_t slots_at_first = 1 << 12;

void append_size(std::string& out, std::uint64_t value) {
  while (value >= 0x80) {
    out += static_cast<char>(value | 0x80);
    value >>= 7;
  }
  out += static_cast<char>(value);
}

void append_text(std::string& out, std::string_view text) {
  append_size(out, text.size());
  out += text;
}

/// Takes values off the front of an encoded chunk.
struct Cursor {
  std::string_view rest;

  std::uint64_t size() {
    std::uint64_t value = 0;
    for (int shift = 0; shift < 64; shift += 7) {
      ARREARS_REQUIRE(!rest.empty());
      const auto byte = static_cast<unsigned char>(rest.front());
      rest.remove_prefix(1);
      value |= static_cast<std::uint64_t>(byte & 0x7F) << shift;
      if (byte < 0x80) break;
    }
    return value;
  }
  std::string_view text() {
    const std::uint64_t length = size();
    ARREARS_REQUIRE(length <= rest.size());
    const std::string_view taken = rest.substr(0, length);
    rest.remove_prefix(length);
    return taken;
  }
};

}  // namespace

void append_record(std::string& chunk, std::int64_t line,
                   const std::vector<std::string_view>& values,
                   const std::vector<RecordProblem>& problems) {
  append_size(chunk, static_cast<std::uint64_t>(line));
  append_size(chunk, problems.size());
  for (const RecordProblem& problem : problems) {
    append_text(chunk, problem.column);
    append_text(chunk, problem.value);
    append_text(chunk, problem.code);
    append_text(chunk, problem.message);
  }
  for (const std::string_view value : values) append_text(chunk, value);
}

void RecordBatch::add(std::string chunk) {
  // A moved string of this size keeps its bytes where they are; views into it stay good.
  constexpr std::size_t beyond_small_string = 64;
  if (chunk.size() < beyond_small_string) chunk.reserve(beyond_small_string);
  chunks_.push_back(std::move(chunk));
  Cursor cursor{chunks_.back()};
  while (!cursor.rest.empty()) {
    StagedRecord record;
    record.line = static_cast<std::int64_t>(cursor.size());
    const std::uint64_t problems = cursor.size();
    for (std::uint64_t i = 0; i < problems; ++i) {
      RecordProblem problem;
      problem.column = cursor.text();
      problem.value = cursor.text();
      problem.code = cursor.text();
      problem.message = cursor.text();
      record.problems.push_back(std::move(problem));
    }
    record.first_value = values_.size();
    for (std::size_t i = 0; i < fields_; ++i) {
      values_.push_back(cursor.rest.data());
      cursor.text();
    }
    records_.push_back(std::move(record));
  }
}

void RecordBatch::clear() {
  records_.clear();
  values_.clear();
  chunks_.clear();
}

std::vector<std::string_view> RecordBatch::values(const StagedRecord& record) const {
  std::vector<std::string_view> values;
  for (std::size_t i = 0; i < fields_; ++i)
    values.push_back(text_at(values_[record.first_value + i]));
  return values;
}

std::uint64_t content_hash(std::string_view text) {
  std::uint64_t hash = 14695981039346656037ULL;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211ULL;
  }
  hash ^= hash >> 33;
  hash *= 0xff51afd7ed558ccdULL;
  hash ^= hash >> 33;
  return hash;
}

SeenKeys::SeenKeys() : hashes_(slots_at_first), values_(slots_at_first) {}

std::size_t SeenKeys::slot(std::uint64_t hash) const {
  const std::size_t mask = hashes_.size() - 1;
  std::size_t at = hash & mask;
  while (hashes_[at] != 0 && hashes_[at] != hash) at = (at + 1) & mask;
  return at;
}

std::uint32_t& SeenKeys::operator[](std::string_view key) {
  const std::uint64_t hash = content_hash(key) | 1;  // 0 marks a free slot
  std::size_t at = slot(hash);
  if (hashes_[at] == 0) {
    if (++size_ * 4 > hashes_.size() * 3) {
      grow();
      at = slot(hash);
    }
    hashes_[at] = hash;
  }
  return values_[at];
}

std::uint32_t SeenKeys::find(std::string_view key) const {
  return values_[slot(content_hash(key) | 1)];
}

void SeenKeys::grow() {
  std::vector<std::uint64_t> hashes(hashes_.size() * 2);
  std::vector<std::uint32_t> values(hashes_.size() * 2);
  hashes.swap(hashes_);
  values.swap(values_);
  for (std::size_t i = 0; i < hashes.size(); ++i) {
    if (hashes[i] == 0) continue;
    const std::size_t at = slot(hashes[i]);
    hashes_[at] = hashes[i];
    values_[at] = values[i];
  }
}

}  // namespace arrears::app
