#pragma once

#include <string_view>

#include "adapters/storage/db.h"
#include "base/ids.h"
#include "domain/calendar/date.h"
#include "domain/money/money.h"
#include "domain/parties/parties.h"

namespace arrears::storage {

/// Whose histories are read: the conditions of its statements, each with two parameters.
struct HistorySelection {
  std::string_view of_customers;  ///< on `part` and `customer_id`
  std::string_view of_parties;    ///< on `part` and `party_id`
  std::string_view promisers;     ///< statement: who has promises that concern the customers
  std::string_view mark;          ///< "-- wide" where it means several parts
  std::int64_t first = 0;
  std::int64_t second = 0;

  static HistorySelection parts(base::Part first, base::Part last);
  static HistorySelection one(parties::CustomerId customer);
  /// Also the customers that were, or came to be, another party's.
  static HistorySelection all_of(parties::PartyId party);

  /// "<select> WHERE <condition> ORDER BY <key>" for the selection.
  Query query(Connection& connection, std::string_view select, std::string_view condition,
              std::string_view key) const;
};

/// Rows in order of part and owner (columns 0 and 1), of which the current one is looked at until
/// it is passed.
class HistoryCursor {
 public:
  explicit HistoryCursor(Query query) : query_(std::move(query)) { next(); }

  void next() {
    live_ = query_.next();
    if (!live_) return;
    part_ = static_cast<base::Part>(query_.int64_at(0));
    owner_ = query_.int64_at(1);
  }
  /// Passes what is before the owner; whether the current row is one of it.
  bool find(base::Part part, std::int64_t owner) {
    while (live_ && (part_ < part || (part_ == part && owner_ < owner))) next();
    return live_ && part_ == part && owner_ == owner;
  }
  /// The same for a part.
  bool find(base::Part part) {
    while (live_ && part_ < part) next();
    return live_ && part_ == part;
  }

  std::int64_t owner() const { return owner_; }
  std::int64_t integer(int column) const { return query_.int64_at(column); }
  int small(int column) const { return static_cast<int>(query_.int64_at(column)); }
  bool is_null(int column) const { return query_.is_null(column); }
  std::string_view text(int column) const { return query_.text_at(column); }
  template <class IdType>
  IdType id(int column) const {  ///< none for null
    return IdType{query_.int64_at(column)};
  }
  calendar::Date date(int column) const {
    return {static_cast<std::int32_t>(query_.int64_at(column))};
  }
  template <class E>
  E member(int column) const {
    return static_cast<E>(query_.int64_at(column));
  }
  money::Currency currency(int column) {
    const std::string_view code = query_.text_at(column);
    if (code != currency_.code())
      currency_ = money::parse_currency(code).value_or(money::Currency{});
    return currency_;
  }

 private:
  Query query_;
  bool live_ = false;
  base::Part part_ = 0;
  std::int64_t owner_ = 0;
  money::Currency currency_;
};

}  // namespace arrears::storage
