#pragma once

#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include "domain/money/money.h"
#include "domain/portfolio/facts.h"

/// The layout: what the rows of the portfolio look like in memory and, byte for byte, in an image.
///
/// Nearly every instalment is *plain*: its current version, in the customer's main currency, of
/// an amount below 2^31, open without any movement or settled by a single one for its full amount.
/// Plain items are columns, 20 bytes together, and lie in order of settlement, the open ones last.
/// Whatever is not plain is *traced*: a row of its own with its movements, 64-bit amounts and full
/// dates. So the common case is compact, and the other one is exact without further cases.
///
/// The rows of a customer lie together. A row that owns others has the index of the first; its last
/// is before the first of the next row, so that these columns end with one row more.
namespace arrears::portfolio {

/// Days of plain items, counted from `first_day`.
using Day = std::uint16_t;
constexpr Date first_day{3652};  // 1980-01-01
constexpr Day no_day = 0xFFFF;   ///< "settled on" of an open item
constexpr Date last_day{first_day.days + no_day - 1};

struct CustomerRow {
  std::int64_t id = 0;
  std::int64_t unapplied = 0;  ///< present: the cash
  std::uint32_t plain = 0;
  std::uint32_t traced = 0;
  std::uint32_t cash = 0;
  std::uint32_t marks = 0;
  std::uint32_t promises = 0;
  std::uint32_t versions = 0;
  std::uint32_t open_plain = 0;  ///< present: how many of the last plain items
  // What the rows come to in the end, and from which day on, as known at the latest. Kept for
  // customers of one currency without shared promises.
  Day present_from = no_day;         ///< no later day is on record; no_day: nothing is kept
  Day cash_on = 0;                   ///< of the last change of the cash
  Day last_deadline = 0;             ///< of all promises
  Day last_broken = 0;               ///< the last deadline after which a promise is broken
  std::uint8_t owes = 0;             ///< present: 1 where some positive item is open
  std::uint8_t currency = 0;         ///< the main one
  std::uint8_t shares_promises = 0;  ///< 1: some promise is shared with other customers
  std::uint8_t disputed = 0;         ///< present: 1 where a positive open item is disputed
};

/// Who the customer is, from `known_from` until the next version. In order of recording.
struct VersionRow {
  std::int64_t party = 0;
  std::uint32_t number = 0;  ///< place in the text
  std::uint32_t number_length = 0;
  std::uint32_t kind = 0;
  Ordinal known_from = 0;
};

/// What many customers have in common.
struct CustomerKind {
  std::int64_t entity = 0;
  std::uint32_t segment = 0;  ///< place in the text; the country follows it
  std::uint32_t segment_length = 0;
  std::uint32_t country_length = 0;
  std::uint32_t padding = 0;
};

/// Class of an item for the sums of sales: bit 0 is no sale, bit 1 is a negative amount, bit 2 is
/// an adjustment (which is no sale).
constexpr std::uint8_t not_a_sale = 1;
constexpr std::uint8_t negative = 2;
constexpr std::uint8_t adjustment = 4;
constexpr std::uint8_t class_bits = 7;
/// How a movement settles; of a plain item in its class, beside the bits above.
constexpr std::uint8_t by_credit = 8;      ///< a credit was used
constexpr std::uint8_t by_inference = 16;  ///< by an inferred closure: no evidence of cash

struct TracedItem {
  std::int64_t amount = 0;
  std::int32_t issued_on = 0;
  std::int32_t due_on = 0;
  Ordinal known_from = 0;
  Ordinal known_until = forever;
  std::uint32_t movements = 0;
  std::uint8_t currency = 0;
  std::uint8_t item_class = 0;
  std::uint8_t settled_at_last = 0;  ///< 1: the day of the last movement is the one that settled it
  std::uint8_t padding[1] = {};
  // What the movements come to, so that few questions look at them.
  Ordinal moved_known = 0;  ///< from here on they count as they do now
  std::int32_t moved_on = std::numeric_limits<std::int32_t>::min();  ///< day of the last one
  std::int64_t open = 0;  ///< from that day on, as known from then on
};

/// What changes the open amount of a traced item: an allocation, its reversal, the use of a credit.
/// In order of `allocated_on` within the item.
struct Movement {
  std::int64_t amount = 0;  ///< taken from the open amount
  std::int32_t allocated_on = 0;
  std::int32_t valued_on = 0;
  Ordinal known_from = 0;
  Ordinal known_until = forever;  ///< until a side was cancelled or got another value date
};

/// A change of the unapplied cash. Payments that are applied at once leave none.
struct CashChange {
  std::int64_t amount = 0;
  std::int32_t on = 0;
  Ordinal known_from = 0;
  Ordinal known_until = forever;
  std::uint8_t currency = 0;
  std::uint8_t padding[3] = {};
};

/// A row reference within the customer: a plain item, or with this bit a traced one.
constexpr std::uint32_t traced_ref = 0x80000000;
constexpr std::uint32_t no_ref = 0xFFFFFFFF;

constexpr std::uint32_t no_document = 0xFFFFFFFF;

struct MarkRow {
  std::int64_t amount = 0;  ///< max_amount_minor for the whole document
  std::int32_t from = 0;
  std::int32_t until = 0;  ///< first day on which it no longer holds
  Ordinal known_from = 0;
  Ordinal known_until = forever;
  std::uint32_t document = no_document;  ///< number within the customer
  std::uint32_t refs = 0;                ///< every version of the instalments, in order of due date
};

constexpr std::uint32_t shared_promise = 1;    ///< PromiseFact::shared
constexpr std::uint32_t counted_promise = 2;   ///< PromiseFact::counted
constexpr std::uint32_t covering_promise = 4;  ///< PromiseFact::covers
constexpr std::uint32_t rival_promise = 8;     ///< another promise of the party names the item

/// One promised item with all of its promise, so that judging it reads one place; the items of a
/// promise follow each other. In order of falling deadline within the customer.
struct PromiseRow {
  std::int64_t id = 0;
  std::int64_t amount = 0;  ///< promised on this item
  std::int32_t made_on = 0;
  Ordinal known_from = 0;
  std::uint32_t document = no_document;  ///< number within the customer
  std::uint32_t ref = no_ref;            ///< the row with all movements of the item
  std::uint32_t refs = 0;                ///< of earlier versions of the instalment
  std::uint32_t ends = 0;
  std::uint32_t flags = 0;
  std::uint32_t party = 0;  ///< of the promise, numbered within the customer
};

struct PromiseEndRow {
  std::int32_t on = 0;
  Ordinal known_from = 0;
};

struct CurrencyCode {
  char code[4] = {};
};

/// The columns of some customers, held by `Column<T>`: a span or a vector.
template <template <class> class Column>
struct Sections {
  Column<CurrencyCode> currencies;
  Column<CustomerRow> customers;  ///< and one more
  // Plain items.
  Column<Day> issued_on;
  Column<Day> due_on;
  Column<Day> settled_on;  ///< allocation day of the one movement
  Column<std::int32_t> amount;
  Column<std::uint8_t> item_class;
  Column<std::uint8_t> value_lag;  ///< days from the value date to the allocation
  Column<Ordinal> known_from;
  Column<Ordinal> settled_known;  ///< ordinal of the one movement
  // What is not plain.
  Column<TracedItem> traced;  ///< and one more
  Column<Movement> movements;
  Column<std::uint8_t> movement_kind;  ///< by_credit, by_inference
  Column<CashChange> cash;
  Column<MarkRow> marks;  ///< and one more
  Column<std::int32_t> promise_deadline;
  Column<std::uint8_t> promise_broken;  ///< present: 1 where it counts as broken after the deadline
  Column<PromiseRow> promises;          ///< and one more
  Column<PromiseEndRow> promise_ends;
  Column<std::uint32_t> mark_refs;
  Column<std::uint32_t> promise_refs;
  Column<VersionRow> versions;
  Column<CustomerKind> kinds;  ///< each once
  Column<char> text;
};

template <class T>
using ColumnView = std::span<const T>;
template <class T>
using ColumnVector = std::vector<T>;

/// Calls `each(a.x, b.x)` for every column x, in the order of the image.
template <class A, class B, class Each>
void for_each_column(A& a, B& b, Each each) {
  each(a.currencies, b.currencies);
  each(a.customers, b.customers);
  each(a.issued_on, b.issued_on);
  each(a.due_on, b.due_on);
  each(a.settled_on, b.settled_on);
  each(a.amount, b.amount);
  each(a.item_class, b.item_class);
  each(a.value_lag, b.value_lag);
  each(a.known_from, b.known_from);
  each(a.settled_known, b.settled_known);
  each(a.traced, b.traced);
  each(a.movements, b.movements);
  each(a.movement_kind, b.movement_kind);
  each(a.cash, b.cash);
  each(a.marks, b.marks);
  each(a.promise_deadline, b.promise_deadline);
  each(a.promise_broken, b.promise_broken);
  each(a.promises, b.promises);
  each(a.promise_ends, b.promise_ends);
  each(a.mark_refs, b.mark_refs);
  each(a.promise_refs, b.promise_refs);
  each(a.versions, b.versions);
  each(a.kinds, b.kinds);
  each(a.text, b.text);
}
constexpr std::size_t column_count = 24;

/// Columns that somebody else holds.
struct Columns : Sections<ColumnView> {
  std::uint32_t customer_count() const { return static_cast<std::uint32_t>(customers.size() - 1); }
};

/// Columns that grow, customer by customer.
class ColumnStore : public Sections<ColumnVector> {
 public:
  ColumnStore();

  Columns view() const;
  /// The number of the currency, which is added if it is new.
  std::uint8_t currency_number(money::Currency currency);
  /// Adds a version to the last customer.
  void add_version(const CustomerVersion& version);
  /// Adds the customers [first, last) of other columns.
  void append(const Columns& from, std::uint32_t first, std::uint32_t last);

 private:
  std::uint32_t kind_of(const CustomerVersion& version);

  std::unordered_map<std::string, std::uint32_t> kind_numbers_;  ///< by entity and texts
};

/// Adds customers to columns from their facts.
class Builder {
 public:
  explicit Builder(ColumnStore& store);
  ~Builder();

  /// Customers come in order (`comes_before`). Throws base::Mistake where they do not, and for what
  /// no decision of the receivables room records: a cancelled version that is not the last.
  void add(const CustomerFacts& facts);

 private:
  ColumnStore& store_;
  std::unique_ptr<struct BuilderScratch> scratch_;  ///< kept for its memory
};

/// The order of customers in columns: by part, then id.
bool comes_before(parties::CustomerId a, parties::CustomerId b);

money::Currency currency_of(const CurrencyCode& code);
/// The version as it was given; its texts are in the columns.
CustomerVersion version_of(const Columns& columns, const VersionRow& row);
/// Bytes of all columns.
std::size_t bytes_of(const Columns& columns);

}  // namespace arrears::portfolio
