#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <tuple>

#include "base/check.h"
#include "base/checked.h"
#include "domain/portfolio/columns.h"
#include "domain/portfolio/item_rows.h"
#include "domain/portfolio/present.h"
#include "domain/portfolio/versions.h"

/// From the facts of one customer to its rows.
namespace arrears::portfolio {
namespace {

using receivables::AllocationKind;

/// Where a version of an instalment became a row.
struct PlacedRow {
  std::uint32_t document = 0;
  std::int32_t instalment = 1;
  std::int32_t due_on = 0;
  std::uint32_t ref = 0;
};

bool is_same(const CustomerVersion& a, const CustomerVersion& b) {
  return std::tie(a.entity, a.party, a.number, a.segment, a.country) ==
         std::tie(b.entity, b.party, b.number, b.segment, b.country);
}

template <class T>
std::uint32_t count_of(const std::vector<T>& rows) {
  ARREARS_REQUIRE(rows.size() < traced_ref);
  return static_cast<std::uint32_t>(rows.size());
}

}  // namespace

/// Reused from customer to customer.
struct BuilderScratch {
  Sources documents;
  Sources payments;
  std::vector<ItemMovement> movements;
  std::vector<CashChange> cash;
  std::vector<PlainItem> plain;
  std::vector<std::uint32_t> order;
  std::vector<PlacedRow> placed;
  std::vector<const PromiseFact*> promises;
};

namespace {

class CustomerBuilder {
 public:
  CustomerBuilder(ColumnStore& store, const CustomerFacts& facts, BuilderScratch& scratch)
      : store_(store),
        facts_(facts),
        documents_(scratch.documents),
        payments_(scratch.payments),
        movements_(scratch.movements),
        cash_(scratch.cash),
        plain_(scratch.plain),
        order_(scratch.order),
        placed_(scratch.placed),
        promises_(scratch.promises) {
    documents_.clear();
    payments_.clear();
    movements_.clear();
    cash_.clear();
    plain_.clear();
    placed_.clear();
  }

  void build() {
    gather_versions();
    add_payment_cash();
    for (const AllocationFact& fact : facts_.allocations) add_allocation(fact);
    std::sort(movements_.begin(), movements_.end(), [](const auto& a, const auto& b) {
      return std::tie(a.document, a.instalment, a.movement.allocated_on, a.movement.known_from,
                      a.movement.known_until, a.movement.amount, a.movement.valued_on, a.kind) <
             std::tie(b.document, b.instalment, b.movement.allocated_on, b.movement.known_from,
                      b.movement.known_until, b.movement.amount, b.movement.valued_on, b.kind);
    });
    begin_customer();
    add_items();
    place_plain();
    add_cash();
    sort_placed();
    add_marks();
    add_promises();
    add_versions();
    end_customer();
    set_present(store_);
  }

 private:
  void gather_versions() {
    std::uint32_t row = 0;
    const InstalmentFact* before = nullptr;
    for (const InstalmentFact& fact : facts_.instalments) {
      documents_.add(fact.document.value, !before || before->version != fact.version,
                     {fact.known_from, forever, fact.issued_on, fact.cancelled, row, row + 1});
      before = &fact;
      ++row;
    }
    row = 0;
    for (const PaymentFact& fact : facts_.payments) {
      payments_.add(fact.payment.value, true,
                    {fact.known_from, forever, fact.value_on, fact.cancelled, row, row + 1});
      ++row;
    }
  }

  void begin_customer() {
    CustomerRow& row = store_.customers.back();
    row = {};
    row.id = facts_.customer.value;
    row.plain = count_of(store_.amount);
    row.traced = count_of(store_.traced) - 1;
    row.cash = count_of(store_.cash);
    row.marks = count_of(store_.marks) - 1;
    row.promises = count_of(store_.promises) - 1;
    row.versions = count_of(store_.versions);
    row.currency = main_currency();
    first_traced_ = row.traced;
    main_ = row.currency;
    store_.traced.pop_back();
    store_.marks.pop_back();
    store_.promises.pop_back();
  }

  void end_customer() {
    store_.traced.emplace_back().movements = count_of(store_.movements);
    store_.marks.emplace_back().refs = count_of(store_.mark_refs);
    PromiseRow& promise = store_.promises.emplace_back();
    promise.ends = count_of(store_.promise_ends);
    promise.refs = count_of(store_.promise_refs);
    CustomerRow end;
    end.plain = count_of(store_.amount);
    end.traced = count_of(store_.traced) - 1;
    end.cash = count_of(store_.cash);
    end.marks = count_of(store_.marks) - 1;
    end.promises = count_of(store_.promises) - 1;
    end.versions = count_of(store_.versions);
    store_.customers.push_back(end);
  }

  /// The currency of most rows; of payments where there is no document.
  std::uint8_t main_currency() {
    std::array<std::uint32_t, 256> count{};
    std::uint8_t most = 0;
    const auto see = [&](money::Currency currency) {
      const std::uint8_t number = number_of(currency);
      if (++count[number] > count[most]) most = number;
    };
    if (facts_.instalments.empty()) {
      for (const PaymentFact& fact : facts_.payments) see(fact.currency);
    } else {
      for (const InstalmentFact& fact : facts_.instalments) see(fact.currency);
    }
    return most;
  }

  std::uint8_t number_of(money::Currency currency) {
    if (!(currency == last_currency_)) {
      last_number_ = store_.currency_number(currency);
      last_currency_ = currency;
    }
    return last_number_;
  }

  void add_cash_change(money::Currency currency, Date on, std::int64_t amount, Ordinal from,
                       Ordinal until) {
    if (from >= until || amount == 0) return;
    cash_.push_back({amount, on.days, from, until, number_of(currency), {}});
  }

  /// What a payment brings, and what its reversal takes from it again.
  void add_payment_cash() {
    for (const Source& source : payments_.sources)
      for (const Version& version : payments_.versions_of(source)) {
        const PaymentFact& fact = facts_.payments[version.first_row];
        if (version.cancelled) continue;
        if (!fact.reverses) {
          add_cash_change(fact.currency, fact.value_on, fact.amount_minor, version.known_from,
                          version.known_until);
          continue;
        }
        take_from(fact.reverses, version.on, -fact.amount_minor, version.known_from,
                  version.known_until);
      }
  }

  /// Takes from the unapplied cash of a payment, on `on` but not before its value date, as known in
  /// [from, until).
  void take_from(receivables::PaymentId payment, Date on, std::int64_t amount, Ordinal from,
                 Ordinal until) {
    const Source* source = payments_.find(payment.value);
    if (source == nullptr) return;
    for (const Version& version : payments_.versions_of(*source)) {
      const PaymentFact& fact = facts_.payments[version.first_row];
      if (version.cancelled || fact.reverses) continue;
      add_cash_change(fact.currency, std::max(on, version.on), -amount,
                      std::max(from, version.known_from), std::min(until, version.known_until));
    }
  }

  void add_allocation(const AllocationFact& fact) {
    const Source* document = documents_.find(fact.document.value);
    const Source* credit =
        fact.kind == AllocationKind::credit ? documents_.find(fact.credit.value) : nullptr;
    const Source* payment =
        fact.kind == AllocationKind::credit ? nullptr : payments_.find(fact.payment.value);
    const Source* source = credit ? credit : payment;
    Ordinal until = document ? document->cancelled_from : forever;
    if (source) until = std::min(until, source->cancelled_from);
    if (fact.kind == AllocationKind::payment) {
      take_from(fact.payment, fact.allocated_on, fact.source_minor, fact.known_from, until);
    }
    if (!source) {
      if (document)
        move(*document, fact.instalment, fact, fact.amount_minor, fact.allocated_on,
             fact.known_from, until, 0);
      return;
    }
    const auto versions = (credit ? documents_ : payments_).versions_of(*source);
    for (std::size_t i = 0; i < versions.size();) {
      // Versions with the same value date and kind make one movement.
      const std::uint8_t kind = credit ? by_credit : kind_of(versions[i]);
      std::size_t next = i + 1;
      while (next < versions.size() && versions[next].on == versions[i].on &&
             (credit || kind_of(versions[next]) == kind)) {
        ++next;
      }
      const Ordinal from =
          i == 0 ? fact.known_from : std::max(fact.known_from, versions[i].known_from);
      const Ordinal end = std::min(until, versions[next - 1].known_until);
      const Date valued = versions[i].on;
      if (document) {
        move(*document, fact.instalment, fact, fact.amount_minor, valued, from, end, kind);
      }
      if (credit) {
        move(*credit, fact.credit_instalment, fact, -fact.source_minor, valued, from, end, kind);
      }
      i = next;
    }
  }

  std::uint8_t kind_of(const Version& payment) const {
    return facts_.payments[payment.first_row].kind == receivables::PaymentKind::inferred_closure
               ? by_inference
               : 0;
  }

  void move(const Source& document, int instalment, const AllocationFact& fact, std::int64_t amount,
            Date valued, Ordinal from, Ordinal until, std::uint8_t kind) {
    if (from >= until) return;
    const auto number = static_cast<std::uint32_t>(&document - documents_.sources.data());
    movements_.push_back(
        {number, instalment, kind, {amount, fact.allocated_on.days, valued.days, from, until}});
  }

  void add_items() {
    std::size_t begin = 0;
    for (std::uint32_t number = 0; number < documents_.sources.size(); ++number) {
      std::size_t end = begin;
      while (end < movements_.size() && movements_[end].document == number) ++end;
      const auto movements = std::span(movements_).subspan(begin, end - begin);
      begin = end;
      for (const Version& version : documents_.versions_of(documents_.sources[number])) {
        if (version.cancelled || version.known_from >= version.known_until) continue;
        for (std::uint32_t row = version.first_row; row < version.end_row; ++row) {
          const InstalmentFact& fact = facts_.instalments[row];
          const auto [from, to] =
              std::ranges::equal_range(movements, fact.instalment, {}, &ItemMovement::instalment);
          add_item(number, version, fact, {from, to});
        }
      }
    }
  }

  void add_item(std::uint32_t number, const Version& version, const InstalmentFact& fact,
                std::span<const ItemMovement> movements) {
    const bool plain = is_plain(version, fact, movements);
    placed_.push_back(
        {number, fact.instalment, fact.due_on.days,
         plain ? count_of(plain_) : (count_of(store_.traced) - first_traced_) | traced_ref});
    if (!plain) {
      TracedItem& item = store_.traced.emplace_back(traced_item(fact, movements));
      item.known_from = version.known_from;
      item.known_until = version.known_until;
      item.movements = count_of(store_.movements);
      item.currency = number_of(fact.currency);
      for (const ItemMovement& row : movements) {
        store_.movements.push_back(row.movement);
        store_.movement_kind.push_back(row.kind);
      }
      return;
    }
    plain_.push_back(plain_item(fact, version.known_from, movements));
  }

  /// Puts the plain items into the columns, and where each is into the references to it.
  void place_plain() {
    order_.resize(2 * plain_.size());
    const auto order = std::span(order_).first(plain_.size());
    const auto place = std::span(order_).last(plain_.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
      return std::tie(plain_[a].settled_on, a) < std::tie(plain_[b].settled_on, b);
    });
    for (std::uint32_t i = 0; i < order.size(); ++i) {
      append(store_, plain_[order[i]]);
      place[order[i]] = i;
    }
    for (PlacedRow& row : placed_)
      if (!(row.ref & traced_ref)) row.ref = place[row.ref];
  }

  bool is_plain(const Version& version, const InstalmentFact& fact,
                std::span<const ItemMovement> movements) {
    using Limits = std::numeric_limits<std::int32_t>;
    if (version.known_until != forever || number_of(fact.currency) != main_) return false;
    // The smallest has no positive counterpart.
    if (fact.amount_minor <= Limits::min() || fact.amount_minor > Limits::max()) return false;
    if (!is_plain_day(fact.issued_on.days) || !is_plain_day(fact.due_on.days)) return false;
    if (movements.empty()) return true;
    const Movement& settled = movements[0].movement;
    const std::int32_t lag = settled.allocated_on - settled.valued_on;
    return movements.size() == 1 && settled.amount == fact.amount_minor &&
           settled.known_until == forever && is_plain_day(settled.allocated_on) && lag >= 0 &&
           lag < 256;
  }

  /// One row per day, currency and known range; what cancels out is left out.
  void add_cash() {
    std::sort(cash_.begin(), cash_.end(), [](const CashChange& a, const CashChange& b) {
      return std::tie(a.currency, a.on, a.known_from, a.known_until) <
             std::tie(b.currency, b.on, b.known_from, b.known_until);
    });
    for (std::size_t i = 0; i < cash_.size();) {
      CashChange sum = cash_[i];
      for (++i; i < cash_.size() && cash_[i].currency == sum.currency && cash_[i].on == sum.on &&
                cash_[i].known_from == sum.known_from && cash_[i].known_until == sum.known_until;
           ++i) {
        sum.amount = base::checked_add(sum.amount, cash_[i].amount);
      }
      if (sum.amount != 0) store_.cash.push_back(sum);
    }
  }

  /// In order of document and due date; the versions of an instalment of one due date stay in
  /// order.
  void sort_placed() {
    if (facts_.disputes.empty() && facts_.promises.empty()) return;
    std::stable_sort(placed_.begin(), placed_.end(), [](const PlacedRow& a, const PlacedRow& b) {
      return std::tie(a.document, a.due_on, a.instalment) <
             std::tie(b.document, b.due_on, b.instalment);
    });
  }

  std::uint32_t document_number(receivables::DocumentId document) const {
    const Source* source = documents_.find(document.value);
    return source ? static_cast<std::uint32_t>(source - documents_.sources.data()) : no_document;
  }
  std::span<const PlacedRow> placed(std::uint32_t document) const {
    const auto [from, to] = std::ranges::equal_range(placed_, document, {}, &PlacedRow::document);
    return {from, to};
  }

  void add_marks() {
    for (std::size_t i = 0; i < facts_.disputes.size(); ++i) {
      const DisputeFact& fact = facts_.disputes[i];
      const bool superseded =
          i + 1 < facts_.disputes.size() && facts_.disputes[i + 1].dispute == fact.dispute;
      MarkRow row;
      row.amount = fact.amount_minor.value_or(money::max_amount_minor);
      row.from = fact.from.days;
      row.until = fact.until ? fact.until->days : std::numeric_limits<std::int32_t>::max();
      row.known_from = fact.known_from;
      if (superseded) row.known_until = facts_.disputes[i + 1].known_from;
      if (row.known_from >= row.known_until) continue;
      row.document = document_number(fact.document);
      row.refs = count_of(store_.mark_refs);
      store_.marks.push_back(row);
      for (const PlacedRow& place : placed(row.document)) store_.mark_refs.push_back(place.ref);
    }
  }

  void add_promises() {
    promises_.clear();
    for (const PromiseFact& fact : facts_.promises) promises_.push_back(&fact);
    std::sort(promises_.begin(), promises_.end(), [](const PromiseFact* a, const PromiseFact* b) {
      return std::tie(b->deadline, a->promise) < std::tie(a->deadline, b->promise);
    });
    for (const PromiseFact* held : promises_) {
      const PromiseFact& fact = *held;
      const auto first = std::ranges::find(promises_, fact.party, &PromiseFact::party);
      if (fact.shared) store_.customers.back().shares_promises = 1;
      PromiseRow row;
      row.id = fact.promise.value;
      row.made_on = fact.made_on.days;
      row.known_from = fact.known_from;
      row.party = static_cast<std::uint32_t>(first - promises_.begin());
      row.flags = (fact.shared ? shared_promise : 0) | (fact.counted ? counted_promise : 0) |
                  (fact.covers ? covering_promise : 0);
      // A promise without items here still has a row.
      for (std::size_t i = 0; i < std::max<std::size_t>(1, fact.items.size()); ++i) {
        row.refs = count_of(store_.promise_refs);
        row.ends = count_of(store_.promise_ends);
        row.flags &= ~rival_promise;
        if (i < fact.items.size()) {
          place_item(fact.items[i], row);
          if (has_rival(fact, fact.items[i])) row.flags |= rival_promise;
        }
        store_.promise_deadline.push_back(fact.deadline.days);
        store_.promise_broken.push_back(0);
        store_.promises.push_back(row);
        for (const PromiseEnd& end : fact.ends) {
          store_.promise_ends.push_back({end.on.days, end.known_from});
        }
      }
    }
  }

  /// Whether another promise of the same party names the item.
  bool has_rival(const PromiseFact& fact, const PromisedAmount& item) const {
    return std::ranges::any_of(promises_, [&](const PromiseFact* other) {
      return other != &fact && other->party == fact.party &&
             std::ranges::any_of(other->items, [&](const PromisedAmount& named) {
               return named.document == item.document && named.instalment == item.instalment;
             });
    });
  }

  /// Every version of an instalment has all its movements; the last of them is the current one, if
  /// there is one. Among the traced rows versions are in order; a plain row is the current version.
  void place_item(const PromisedAmount& item, PromiseRow& row) {
    row.amount = item.amount_minor;
    row.document = document_number(item.document);
    const auto first = static_cast<std::ptrdiff_t>(store_.promise_refs.size());
    for (const PlacedRow& place : placed(row.document)) {
      if (place.instalment == item.instalment) store_.promise_refs.push_back(place.ref);
    }
    if (static_cast<std::ptrdiff_t>(store_.promise_refs.size()) == first) return;
    std::sort(store_.promise_refs.begin() + first, store_.promise_refs.end(),
              [](std::uint32_t a, std::uint32_t b) { return (a ^ traced_ref) < (b ^ traced_ref); });
    row.ref = store_.promise_refs.back();
    store_.promise_refs.pop_back();
  }

  void add_versions() {
    const CustomerVersion* before = nullptr;
    for (const CustomerVersion& version : facts_.versions) {
      ARREARS_REQUIRE(!before || before->known_from <= version.known_from);
      // Versions that differ in what is not kept here are one.
      if (!before || !is_same(*before, version)) store_.add_version(version);
      before = &version;
    }
  }

  ColumnStore& store_;
  const CustomerFacts& facts_;
  Sources& documents_;
  Sources& payments_;
  std::vector<ItemMovement>& movements_;
  std::vector<CashChange>& cash_;
  std::vector<PlainItem>& plain_;
  std::vector<std::uint32_t>& order_;
  std::vector<PlacedRow>& placed_;
  std::vector<const PromiseFact*>& promises_;
  std::uint32_t first_traced_ = 0;
  std::uint8_t main_ = 0;
  money::Currency last_currency_;
  std::uint8_t last_number_ = 0;
};

}  // namespace

Builder::Builder(ColumnStore& store)
    : store_(store), scratch_(std::make_unique<BuilderScratch>()) {}
Builder::~Builder() = default;

void Builder::add(const CustomerFacts& facts) {
  const std::size_t count = store_.customers.size() - 1;
  ARREARS_REQUIRE(count == 0 || comes_before({store_.customers[count - 1].id}, facts.customer));
  CustomerBuilder(store_, facts, *scratch_).build();
}

}  // namespace arrears::portfolio
