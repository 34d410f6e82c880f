#include "portfolio_book.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "domain/calendar/business_calendar.h"

namespace arrears::bench {
namespace {

using calendar::Date;
using portfolio::Ordinal;

struct Random {  // splitmix64
  std::uint64_t state;
  std::uint64_t next() {
    std::uint64_t z = (state += 0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
    return z ^ (z >> 31);
  }
  double unit() { return static_cast<double>(next() >> 11) / 9007199254740992.0; }
  int below(int n) { return static_cast<int>(unit() * n); }
  double normal() {
    const double a = std::max(unit(), 1e-300), b = unit();
    return std::sqrt(-2.0 * std::log(a)) * std::cos(6.283185307179586 * b);
  }
};

enum PayerClass { prompt, late, very_late, defaulter, part_payer };

class CustomerMaker {
 public:
  CustomerMaker(std::uint32_t number, CustomerRows& rows)
      : random_{number * 0x632BE59BD9B4E019ULL + 20260630}, rows_(rows) {
    rows_.id = {static_cast<std::int64_t>(number) + 1};
    rows_.instalments.clear();
    rows_.payments.clear();
    rows_.allocations.clear();
    rows_.disputes.clear();
    rows_.promises.clear();
    const double u = random_.unit();
    payer_ = u < .55   ? prompt
             : u < .80 ? late
             : u < .92 ? very_late
             : u < .97 ? defaulter
                       : part_payer;
    constexpr std::array terms = {14, 30, 30, 30, 45, 60};
    terms_ = terms[random_.below(6)];
    constexpr std::array segments = {"SME", "key", "retail"};
    constexpr std::array countries = {"US", "DE", "FR", "PL", "GB"};
    rows_.number = std::to_string(10'000'000 + number);
    rows_.versions.assign(1, {{1},
                              {rows_.id.value},
                              rows_.number,
                              segments[number % 3],
                              countries[number / 3 % 5],
                              ordinals_per_day});
    scale_ = std::exp(0.8 * random_.normal());
    next_id_ = rows_.id.value << 20;
  }

  Random& random() { return random_; }

  void add_invoice(Date issued) {
    const Date due = issued + terms_;
    const auto amount = std::clamp<std::int64_t>(
        static_cast<std::int64_t>(scale_ * std::exp(11.0 + 1.1 * random_.normal())), 500,
        5'000'000'000);
    const bool disputed = random_.unit() < .02;
    bool never = false;
    double delay = days_late(never);
    if (disputed) {
      delay += 40 + 60 * random_.unit();
      never = random_.unit() < .15 || never;
    }
    const auto document = add_document(receivables::DocumentKind::invoice, issued, due, amount);
    if (disputed) {
      rows_.disputes.push_back({{++next_id_}, 1, document, {}, due, {}, ordinal(due)});
    }
    std::int64_t rest = amount;
    if (random_.unit() < .03 || (disputed && random_.unit() < .4)) {
      const std::int64_t credit = random_.unit() < .2
                                      ? amount
                                      : static_cast<std::int64_t>(static_cast<double>(amount) *
                                                                  (.05 + .45 * random_.unit()));
      credit_note(document, issued + 3 + random_.below(40), credit);
      rest -= credit;
    }
    const Date settled =
        never || rest <= 0 ? Date{1 << 29} : pay(document, issued, due, delay, rest);
    const Date made = due + 8 + random_.below(15);
    if (made <= as_of && settled > made && random_.unit() < .45)
      promise(document, made, amount / 2);
  }

 private:
  Ordinal ordinal(Date day) {
    return ordinal_of(std::max(day, first_issue)) +
           static_cast<Ordinal>(random_.below(ordinals_per_day));
  }

  double days_late(bool& never) {
    switch (payer_) {
      case prompt:
        return -2 + 5 * random_.normal();
      case late:
        return std::exp(2.6 + .5 * random_.normal());
      case very_late:
        return std::exp(3.7 + .5 * random_.normal());
      case defaulter: {
        const double days = std::exp(4.3 + .6 * random_.normal());
        never = random_.unit() < .25;
        return days;
      }
      case part_payer:
        return std::exp(3.2 + .6 * random_.normal());
    }
    return 0;
  }

  receivables::DocumentId add_document(receivables::DocumentKind kind, Date issued, Date due,
                                       std::int64_t amount) {
    static const auto usd = *money::parse_currency("USD");
    const receivables::DocumentId id{++next_id_};
    rows_.instalments.push_back({id, 1, 1, kind, issued, due, usd, amount, false, ordinal(issued)});
    if (random_.unit() < .01) {  // a correction: due a week later
      auto next = rows_.instalments.back();
      next.version = 2;
      next.due_on = due + 7;
      next.known_from = ordinal(issued + 5);
      rows_.instalments.push_back(next);
    }
    return id;
  }

  void credit_note(receivables::DocumentId document, Date on, std::int64_t amount) {
    if (on > as_of || amount <= 0) return;
    const auto credit = add_document(receivables::DocumentKind::credit_note, on, on, -amount);
    rows_.allocations.push_back({receivables::AllocationKind::credit,
                                 {},
                                 credit,
                                 1,
                                 document,
                                 1,
                                 on,
                                 amount,
                                 amount,
                                 ordinal(on)});
  }

  void receive(receivables::DocumentId document, Date on, std::int64_t amount) {
    static const auto usd = *money::parse_currency("USD");
    if (on > as_of) return;
    const receivables::PaymentId payment{++next_id_};
    const Date recorded = random_.unit() < .02 ? std::min(on + 1 + random_.below(10), as_of) : on;
    const Ordinal known = ordinal(recorded);
    rows_.payments.push_back({payment, 1, on, usd, amount, {}, false, known});
    const bool waits = random_.unit() < .01;
    const Date applied = waits ? std::min(on + 4, as_of) : on;
    portfolio::AllocationFact allocation{receivables::AllocationKind::payment,
                                         payment,
                                         {},
                                         0,
                                         document,
                                         1,
                                         applied,
                                         amount,
                                         amount,
                                         waits ? ordinal(std::max(applied, recorded)) : known};
    rows_.allocations.push_back(allocation);
    if (random_.unit() >= .005 || applied + 6 > as_of) return;
    // Taken back after some days, and applied again after some more.
    for (const int sign : {-1, 1}) {
      allocation.allocated_on = applied + (sign < 0 ? 3 : 6);
      allocation.amount_minor = allocation.source_minor = sign * amount;
      allocation.known_from = ordinal(std::max(allocation.allocated_on, recorded));
      rows_.allocations.push_back(allocation);
    }
  }

  /// The day of the last payment.
  Date pay(receivables::DocumentId document, Date issued, Date due, double delay,
           std::int64_t rest) {
    Date on = std::max(issued + 1, due + static_cast<int>(delay));
    if (random_.unit() >= (payer_ == part_payer ? .7 : .06) || rest <= 100) {
      receive(document, on, rest);
      return on;
    }
    const auto part =
        static_cast<std::int64_t>(static_cast<double>(rest) * (.2 + .5 * random_.unit()));
    receive(document, on, part);
    rest -= part;
    Date next = on + 10 + random_.below(40);
    if (random_.unit() < .4) {
      receive(document, next, rest / 2);
      rest -= rest / 2;
      on = next;
      next = next + 15 + random_.below(30);
    }
    if (random_.unit() >= .8) return on;
    receive(document, next, rest);
    return next;
  }

  void promise(receivables::DocumentId document, Date made, std::int64_t amount) {
    portfolio::PromiseFact fact;
    fact.promise = {++next_id_};
    fact.made_on = made;
    fact.deadline = calendar::BusinessCalendar().roll_forward(made + 5 + random_.below(10));
    fact.known_from = ordinal(made);
    fact.items.push_back({document, 1, amount});
    rows_.promises.push_back(std::move(fact));
  }

  Random random_;
  CustomerRows& rows_;
  PayerClass payer_ = prompt;
  int terms_ = 30;
  double scale_ = 1;
  std::int64_t next_id_ = 0;
};

}  // namespace

void make_customer(std::uint32_t number, std::uint32_t invoices, CustomerRows& rows) {
  CustomerMaker maker(number, rows);
  // Customers draw with the density of u^1.5: the share of the first x of n is (x / n)^(2/3). They
  // are scattered over the book.
  const std::uint32_t customers = std::max(1U, invoices / 10);
  const auto rank = static_cast<std::uint32_t>(std::uint64_t{number} * 2654435761U % customers);
  const auto share = [&](double x) { return std::pow(x / customers, 2.0 / 3.0) * invoices; };
  const double wanted = share(rank + 1.0) - share(rank);
  rows.invoices = static_cast<std::uint32_t>(wanted + maker.random().unit());
  std::vector<Date> days(rows.invoices);
  for (Date& day : days) day = first_issue + maker.random().below(as_of - first_issue + 1);
  std::sort(days.begin(), days.end());
  for (const Date day : days) maker.add_invoice(day);
}

}  // namespace arrears::bench
