#include "adapters/storage/number_index.h"

#include <algorithm>
#include <numeric>
#include <unordered_set>

#include "base/text.h"

namespace arrears::storage {

namespace {

/// Rows of one insert: beyond this it gets no faster.
constexpr std::size_t block_rows = 128;

struct Place {
  base::Part part;
  std::string key;
};

/// An insert of `rows` rows that answers the subjects of those that it added.
std::string claim_text(std::size_t rows) {
  std::string sql =
      "INSERT INTO number_index (part, entity_id, kind, number_key, number, owner_id, subject_id) "
      "VALUES ";
  for (std::size_t i = 0; i < rows; ++i) {
    const std::string n = std::to_string(i);
    sql += (i > 0 ? ", (:p" : "(:p") + n + ", :entity, :kind, :k" + n + ", :n" + n + ", :o" + n +
           ", :s" + n + ")";
  }
  return sql +
         " ON CONFLICT (part, entity_id, kind, number_key, number) DO NOTHING RETURNING subject_id";
}

}  // namespace

base::Part number_part(parties::EntityId entity, app::NumberKind kind,
                       std::string_view number_key) {
  return base::slot_of(std::to_string(entity.value) + "/" + std::to_string(static_cast<int>(kind)) +
                       "/" + std::string(number_key));
}

std::vector<bool> claim_numbers(Connection& connection, parties::EntityId entity,
                                app::NumberKind kind, std::span<const app::NumberedThing> things) {
  std::vector<Place> places;
  places.reserve(things.size());
  for (const app::NumberedThing& thing : things) {
    std::string key = base::number_key(thing.number);
    const base::Part part = number_part(entity, kind, key);
    places.push_back({part, std::move(key)});
  }
  // In the order of the table's key: near each other in its tree, and two who claim the same
  // numbers at the same time do not wait for each other.
  std::vector<std::size_t> order(things.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, [&](std::size_t a, std::size_t b) {
    if (places[a].part != places[b].part) return places[a].part < places[b].part;
    if (const int keys = places[a].key.compare(places[b].key); keys != 0) return keys < 0;
    if (const int numbers = things[a].number.compare(things[b].number); numbers != 0)
      return numbers < 0;
    return a < b;
  });
  std::unordered_set<std::int64_t> added;
  added.reserve(things.size());
  const auto claim = [&](std::size_t first, std::size_t rows, std::size_t times) {
    const auto bind = [&](std::size_t time, Statement& statement) {
      int parameter = 0;
      for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t at = order[first + time * rows + i];
        statement.bind(parameter++, places[at].part);
        if (i == 0) {
          statement.bind(parameter++, entity.value);
          statement.bind(parameter++, static_cast<int>(kind));
        }
        statement.bind(parameter++, places[at].key);
        statement.bind(parameter++, things[at].number);
        statement.bind(parameter++, things[at].owner);
        statement.bind(parameter++, things[at].subject);
      }
    };
    connection.query_many(claim_text(rows), times, bind, [&](std::size_t, Statement& statement) {
      added.insert(statement.int64_at(0));
    });
  };
  const std::size_t blocks = things.size() / block_rows;
  if (blocks > 0) claim(0, block_rows, blocks);
  const std::size_t left = things.size() % block_rows;
  if (left > 0) claim(blocks * block_rows, 1, left);
  std::vector<bool> claimed;
  claimed.reserve(things.size());
  for (const app::NumberedThing& thing : things) claimed.push_back(added.contains(thing.subject));
  return claimed;
}

std::vector<std::vector<app::NumberedThing>> find_similar(
    Connection& connection, parties::EntityId entity, app::NumberKind kind,
    std::span<const std::string_view> numbers) {
  std::vector<std::vector<app::NumberedThing>> found(numbers.size());
  const auto bind = [&](std::size_t i, Statement& statement) {
    const std::string key = base::number_key(numbers[i]);
    statement.bind(0, number_part(entity, kind, key));
    statement.bind(1, entity.value);
    statement.bind(2, static_cast<int>(kind));
    statement.bind(3, key);
  };
  const auto take = [&](std::size_t i, Statement& row) {
    found[i].push_back({row.int64_at(0), row.int64_at(1), std::string(row.text_at(2))});
  };
  connection.query_many(
      "SELECT subject_id, owner_id, number FROM number_index WHERE part = :part AND "
      "entity_id = :entity AND kind = :kind AND number_key = :key ORDER BY number",
      numbers.size(), bind, take);
  return found;
}

}  // namespace arrears::storage
