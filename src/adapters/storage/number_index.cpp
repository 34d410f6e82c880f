#include "adapters/storage/number_index.h"

#include <algorithm>
#include <array>
#include <numeric>

#include "base/text.h"

namespace arrears::storage {

namespace {

/// Rows of one insert: beyond this it gets no faster.
constexpr std::size_t block_rows = 128;

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

/// Makes the parts and keys of numbers of one kind, without new memory for each.
class KeyMaker {
 public:
  KeyMaker(parties::EntityId entity, app::NumberKind kind)
      : text_(std::to_string(entity.value) + "/" + std::to_string(static_cast<int>(kind)) + "/"),
        prefix_(text_.size()) {}
  base::Part part(std::string_view number_key) {
    text_.resize(prefix_);
    text_ += number_key;
    return base::slot_of(text_);
  }

 private:
  std::string text_;
  std::size_t prefix_;
};

/// The numbers of one call, with their places in the table.
class Places {
 public:
  template <class Number>
  Places(parties::EntityId entity, app::NumberKind kind, std::size_t count, const Number& number) {
    KeyMaker maker(entity, kind);
    places_.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
      const std::string key = base::number_key(number(i));
      places_.push_back({maker.part(key), static_cast<std::uint32_t>(key.size()), keys_.size()});
      keys_ += key;
    }
  }

  base::Part part(std::size_t i) const { return places_[i].part; }
  std::string_view key(std::size_t i) const {
    return std::string_view(keys_).substr(places_[i].key_begin, places_[i].key_size);
  }

  /// In the order of the table's key: near each other in its tree, and two who claim the same
  /// numbers at the same time do not wait for each other.
  template <class Number>
  std::vector<std::uint32_t> order(const Number& number) const {
    std::vector<std::uint32_t> order(places_.size());
    std::iota(order.begin(), order.end(), 0);
    const auto before = [&](std::uint32_t a, std::uint32_t b) {
      if (part(a) != part(b)) return part(a) < part(b);
      if (const int keys = key(a).compare(key(b)); keys != 0) return keys < 0;
      if (const int numbers = number(a).compare(number(b)); numbers != 0) return numbers < 0;
      return a < b;
    };
    if (order.size() < static_cast<std::size_t>(base::part_count)) {
      std::ranges::sort(order, before);
      return order;
    }
    std::vector<std::uint32_t> begins(base::part_count + 1);
    for (const Place& place : places_) ++begins[static_cast<std::size_t>(place.part) + 1];
    std::partial_sum(begins.begin(), begins.end(), begins.begin());
    std::vector<std::uint32_t> next = begins;
    for (std::uint32_t i = 0; i < places_.size(); ++i)
      order[next[static_cast<std::size_t>(places_[i].part)]++] = i;
    for (std::size_t part = 0; part < base::part_count; ++part) {
      const auto of_part = std::span(order).subspan(begins[part], begins[part + 1] - begins[part]);
      std::ranges::sort(of_part, before);
    }
    return order;
  }

 private:
  struct Place {
    base::Part part;
    std::uint32_t key_size;
    std::size_t key_begin;  ///< in `keys_`
  };

  std::vector<Place> places_;
  std::string keys_;
};

/// Claims of one call.
class Claims {
 public:
  Claims(Connection& connection, parties::EntityId entity, app::NumberKind kind,
         std::span<const app::NumberedThing> things)
      : connection_(connection),
        entity_(entity.value),
        kind_(static_cast<int>(kind)),
        things_(things),
        places_(entity, kind, things.size(),
                [&](std::size_t i) -> const std::string& { return things[i].number; }),
        order_(
            places_.order([&](std::size_t i) -> const std::string& { return things[i].number; })),
        claimed_(things.size()) {}

  std::vector<bool> make() {
    // Mostly all are free; where one is not, the others are tried one by one.
    const std::size_t free = insert_free();
    for (std::size_t i = 0; i < free; ++i) claimed_[order_[i]] = true;
    const std::size_t blocks = (order_.size() - free) / block_rows;
    if (blocks > 0) try_each(free, block_rows, blocks);
    const std::size_t tried = free + blocks * block_rows;
    if (tried < order_.size()) try_each(tried, 1, order_.size() - tried);
    return std::move(claimed_);
  }

 private:
  std::size_t insert_free() {
    static const LaterWrite insert = insert_into(
        "number_index", std::array<std::string_view, 7>{"part", "entity_id", "kind", "number_key",
                                                        "number", "owner_id", "subject_id"});
    std::array<Value, 7> values;
    return connection_.insert_new(insert, order_.size(), [&](std::size_t i) {
      const std::size_t at = order_[i];
      const app::NumberedThing& thing = things_[at];
      values = {places_.part(at), entity_,     kind_,        places_.key(at),
                thing.number,     thing.owner, thing.subject};
      return std::span<const Value>(values);
    });
  }

  /// Inserts of `rows` rows each, from the `first` one in order.
  void try_each(std::size_t first, std::size_t rows, std::size_t times) {
    const auto bind = [&](std::size_t time, Statement& statement) {
      int parameter = 0;
      for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t at = order_[first + time * rows + i];
        statement.bind(parameter++, places_.part(at));
        if (i == 0) {
          statement.bind(parameter++, entity_);
          statement.bind(parameter++, kind_);
        }
        statement.bind(parameter++, places_.key(at));
        statement.bind(parameter++, things_[at].number);
        statement.bind(parameter++, things_[at].owner);
        statement.bind(parameter++, things_[at].subject);
      }
    };
    connection_.query_many(claim_text(rows), times, bind, [&](std::size_t time, Statement& row) {
      for (std::size_t i = 0; i < rows; ++i) {
        const std::size_t at = order_[first + time * rows + i];
        if (things_[at].subject == row.int64_at(0)) claimed_[at] = true;
      }
    });
  }

  Connection& connection_;
  std::int64_t entity_;
  int kind_;
  std::span<const app::NumberedThing> things_;
  Places places_;
  std::vector<std::uint32_t> order_;
  std::vector<bool> claimed_;
};

}  // namespace

base::Part number_part(parties::EntityId entity, app::NumberKind kind,
                       std::string_view number_key) {
  return KeyMaker(entity, kind).part(number_key);
}

std::vector<bool> claim_numbers(Connection& connection, parties::EntityId entity,
                                app::NumberKind kind, std::span<const app::NumberedThing> things) {
  return Claims(connection, entity, kind, things).make();
}

namespace {

using Found = std::vector<std::vector<app::NumberedThing>>;

/// Reads the numbers of whole parts, where many of a part are wanted and it does not have many
/// others. Answers the places in `order` that it left to be asked for one by one.
std::vector<std::uint32_t> find_by_part(Connection& connection, parties::EntityId entity,
                                        app::NumberKind kind, const Places& places,
                                        std::span<const std::uint32_t> order, Found& found) {
  constexpr std::size_t wanted_min = 8;
  constexpr std::size_t others_max = 4;  // for each that is wanted
  std::vector<std::uint32_t> left;
  std::vector<std::span<const std::uint32_t>> parts;
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first;
    while (end < order.size() && places.part(order[end]) == places.part(order[first])) ++end;
    const auto wanted = order.subspan(first, end - first);
    if (wanted.size() < wanted_min) {
      left.insert(left.end(), wanted.begin(), wanted.end());
    } else {
      parts.push_back(wanted);
    }
    first = end;
  }
  std::vector<std::size_t> counts(parts.size());
  const auto rows_max = [&](std::size_t n) { return parts[n].size() * (others_max + 1); };
  const auto bind = [&](std::size_t n, Statement& statement) {
    statement.bind(0, places.part(parts[n].front()));
    statement.bind(1, entity.value);
    statement.bind(2, static_cast<int>(kind));
    statement.bind(3, rows_max(n));
  };
  const auto take = [&](std::size_t n, Statement& row) {
    ++counts[n];
    const auto key = [&](std::uint32_t i) { return places.key(i); };
    for (const std::uint32_t i : std::ranges::equal_range(parts[n], row.text_at(3), {}, key))
      found[i].push_back({row.int64_at(0), row.int64_at(1), std::string(row.text_at(2))});
  };
  connection.query_many(
      "SELECT subject_id, owner_id, number, number_key FROM number_index WHERE part = :part AND "
      "entity_id = :entity AND kind = :kind ORDER BY number_key, number LIMIT :rows",
      parts.size(), bind, take);
  for (std::size_t n = 0; n < parts.size(); ++n) {
    if (counts[n] < rows_max(n)) continue;
    for (const std::uint32_t i : parts[n]) found[i].clear();
    left.insert(left.end(), parts[n].begin(), parts[n].end());
  }
  return left;
}

}  // namespace

std::vector<std::vector<app::NumberedThing>> find_similar(
    Connection& connection, parties::EntityId entity, app::NumberKind kind,
    std::span<const std::string_view> numbers) {
  Found found(numbers.size());
  const auto number = [&](std::size_t i) { return numbers[i]; };
  const Places places(entity, kind, numbers.size(), number);
  const std::vector<std::uint32_t> wanted =
      find_by_part(connection, entity, kind, places, places.order(number), found);
  const auto bind = [&](std::size_t n, Statement& statement) {
    statement.bind(0, places.part(wanted[n]));
    statement.bind(1, entity.value);
    statement.bind(2, static_cast<int>(kind));
    statement.bind(3, places.key(wanted[n]));
  };
  const auto take = [&](std::size_t n, Statement& row) {
    found[wanted[n]].push_back({row.int64_at(0), row.int64_at(1), std::string(row.text_at(2))});
  };
  connection.query_many(
      "SELECT subject_id, owner_id, number FROM number_index WHERE part = :part AND "
      "entity_id = :entity AND kind = :kind AND number_key = :key ORDER BY number",
      wanted.size(), bind, take);
  return found;
}

}  // namespace arrears::storage
