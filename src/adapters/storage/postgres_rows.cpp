#include "adapters/storage/postgres_rows.h"

#include <algorithm>
#include <array>
#include <utility>

namespace arrears::storage {

namespace {

void append_number(std::string& bytes, std::uint64_t value, int size) {
  std::array<char, 8> number;
  for (int at = 0; at < size; ++at)
    number[static_cast<std::size_t>(at)] = static_cast<char>(value >> (8 * (size - 1 - at)));
  bytes.append(number.data(), static_cast<std::size_t>(size));
}

std::int32_t length_at(const std::string& bytes, std::size_t at) {
  std::uint32_t length = 0;
  for (std::size_t i = 0; i < 4; ++i)
    length = length << 8 | static_cast<unsigned char>(bytes[at + i]);
  return static_cast<std::int32_t>(length);
}

}  // namespace

// Signature, no flags, no extension of the header.
const std::string_view copy_head{"PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0", 19};
const std::string_view copy_end{"\377\377", 2};

void PostgresParameters::clear() {
  fields_.values.assign(bytes_.size(), nullptr);
  fields_.lengths.assign(bytes_.size(), 0);
  fields_.formats.assign(bytes_.size(), 1);
}

void PostgresParameters::bind(std::size_t parameter, const Value& value) {
  std::string& bytes = bytes_.at(parameter);
  const bool is_integer = value.kind() == Value::Kind::integer;
  if (is_integer) {
    bytes = std::to_string(value.integer());
  } else {
    bytes = value.text();
  }
  fields_.values[parameter] = value.is_null() ? nullptr : bytes.c_str();
  fields_.lengths[parameter] = static_cast<int>(bytes.size());
  fields_.formats[parameter] = is_integer ? 0 : 1;
}

void WaitingRows::append(std::span<const Value> values) {
  append_number(bytes, values.size(), 2);
  for (const Value& value : values) {
    switch (value.kind()) {
      case Value::Kind::null:
        append_number(bytes, ~std::uint64_t{0}, 4);
        break;
      case Value::Kind::integer:
        append_number(bytes, 8, 4);
        append_number(bytes, static_cast<std::uint64_t>(value.integer()), 8);
        break;
      case Value::Kind::text:
      case Value::Kind::blob:
        append_number(bytes, value.text().size(), 4);
        bytes += value.text();
        break;
    }
  }
  columns = values.size();
  ++count;
}

void WaitingRows::read(std::size_t& at, PostgresFields& fields) const {
  fields.values.assign(columns, nullptr);
  fields.lengths.assign(columns, 0);
  fields.formats.assign(columns, 1);
  at += 2;  // the number of columns
  for (std::size_t i = 0; i < columns; ++i) {
    const std::int32_t length = length_at(bytes, at);
    at += 4;
    if (length < 0) continue;
    fields.values[i] = bytes.data() + at;
    fields.lengths[i] = length;
    at += static_cast<std::size_t>(length);
  }
}

void WaitingWrites::add(const LaterWrite& write, std::span<const Value> values) {
  auto rows = std::ranges::find(texts_, &write, &WaitingRows::write);
  if (rows == texts_.end()) {
    texts_.emplace_back().write = &write;
    rows = texts_.end() - 1;
  }
  const std::size_t before = rows->bytes.size();
  rows->append(values);
  bytes_ += rows->bytes.size() - before;
}

std::vector<WaitingRows> WaitingWrites::take_copied() {
  std::vector<WaitingRows> copied;
  std::erase_if(texts_, [&](WaitingRows& rows) {
    if (rows.count < copy_rows_min || rows.write->copy.empty()) return false;
    bytes_ -= rows.bytes.size();
    copied.push_back(std::move(rows));
    return true;
  });
  return copied;
}

std::vector<WaitingRows> WaitingWrites::take() {
  bytes_ = 0;
  return std::exchange(texts_, {});
}

}  // namespace arrears::storage
