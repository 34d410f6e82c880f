#include <algorithm>
#include <boost/json.hpp>

#include "adapters/storage/checkpoint.h"
#include "base/text.h"

namespace arrears::storage {

namespace {

namespace json = boost::json;

std::string text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

template <std::size_t n>
bool read_hex(const json::object& object, std::string_view name,
              std::array<std::uint8_t, n>& bytes) {
  const Bytes read = from_hex(text_of(object, name));
  if (read.size() != n) return false;
  std::copy(read.begin(), read.end(), bytes.begin());
  return true;
}

bool read_integer(const json::object& object, std::string_view name, std::int64_t& out) {
  const json::value* value = object.if_contains(name);
  if (value == nullptr || !value->is_int64()) return false;
  out = value->get_int64();
  return true;
}

bool read_heads(const json::object& object, ChainHeads& heads) {
  const json::value* list = object.if_contains("heads");
  if (list == nullptr || !list->is_array()) return false;
  for (const json::value& value : list->get_array()) {
    if (!value.is_object()) return false;
    std::int64_t part = 0;
    ChainHead head;
    const json::object& row = value.get_object();
    if (!read_integer(row, "part", part) || !read_integer(row, "sequence", head.seq) ||
        !read_hex(row, "hash", head.chain) || part < 0 || part >= base::part_count) {
      return false;
    }
    heads.put(static_cast<base::Part>(part), head);
  }
  return true;
}

}  // namespace

std::optional<std::string> export_checkpoint(Connection& connection, const PublicKey& key) {
  const std::optional<Checkpoint> last = last_checkpoint(connection);
  if (!last) return std::nullopt;
  // A line for each head: people compare such files.
  std::string text = "{\n";
  const auto member = [&](std::string_view name, const json::value& value) {
    text += "  \"" + std::string(name) + "\": " + json::serialize(value) + ",\n";
  };
  member("format", "arrears checkpoint 1");
  member("database", json::value(database_id(connection)));
  member("number", last->number);
  member("at", json::value(base::to_string(last->at)));
  member("previous_hash", json::value(to_hex(last->previous)));
  member("root", json::value(to_hex(last->root)));
  member("signature", json::value(to_hex(last->signature)));
  member("public_key", json::value(to_hex(key)));
  text += "  \"heads\": [";
  bool first = true;
  for (const auto& [part, head] : heads_at(connection, last->number)) {
    text += first ? "\n    " : ",\n    ";
    first = false;
    text += json::serialize(
        json::object{{"part", part}, {"sequence", head.seq}, {"hash", to_hex(head.chain)}});
  }
  return text + "\n  ]\n}\n";
}

std::optional<CheckpointFile> parse_checkpoint_file(std::string_view text) {
  boost::system::error_code error;
  const json::value parsed = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !parsed.is_object()) return std::nullopt;
  const json::object& object = parsed.get_object();
  if (text_of(object, "format") != "arrears checkpoint 1") return std::nullopt;
  CheckpointFile file;
  file.database_id = text_of(object, "database");
  const auto at = base::parse_instant(text_of(object, "at"));
  if (!at || !read_integer(object, "number", file.checkpoint.number) ||
      !read_hex(object, "previous_hash", file.checkpoint.previous) ||
      !read_hex(object, "root", file.checkpoint.root) ||
      !read_hex(object, "signature", file.checkpoint.signature) ||
      !read_hex(object, "public_key", file.public_key) || !read_heads(object, file.heads)) {
    return std::nullopt;
  }
  file.checkpoint.at = *at;
  return file;
}

}  // namespace arrears::storage
