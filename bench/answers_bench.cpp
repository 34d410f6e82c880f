// The portfolio's side of the measurements: bench_answers INVOICES makes the book, says how much
// memory it takes, and answers lines of standard input, one run each:
//   worklist|aging|series|scan THREADS DAY KNOWN_AT [FILE]      (KNOWN_AT 0: all that is known)
//   payments                                                    (one run of 2,000 payments)
// with a line of JSON. A FILE gets the answer itself, and no time is taken.
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <sstream>
#include <string>

#include "domain/metrics/formulas.h"
#include "domain/portfolio/order.h"
#include "measuring.h"
#include "questions.h"

namespace arrears::bench {
namespace {

using namespace portfolio;

struct Request {
  std::string what;
  unsigned threads = 1;
  AsOf when;
  std::string file;
};

Request parse(const std::string& line) {
  Request request;
  std::uint32_t known_at = 0;
  std::istringstream(line) >> request.what >> request.threads >> request.when.day.days >>
      known_at >> request.file;
  if (known_at != 0) request.when.known_at = known_at;
  return request;
}

double value(const metrics::Figure& figure) {
  return static_cast<double>(figure.value.numerator) /
         static_cast<double>(figure.value.denominator);
}

/// One line per month: number, sales, receivables, of these not due, DSO, CEI.
void write_series(std::FILE* file, const Series& series) {
  const auto cells = series.cells(0);
  const auto cuts = month_ends();
  std::vector<metrics::MonthSales> newest_first;
  std::int64_t receivables = cells[0].receivables;
  std::int64_t not_due = cells[0].not_due;
  for (std::size_t cut = 1; cut < cells.size(); ++cut) {
    const std::int64_t beginning = receivables;
    receivables += cells[cut].receivables;
    not_due += cells[cut].not_due;
    newest_first.insert(newest_first.begin(), {cuts[cut] - cuts[cut - 1], cells[cut].sales});
    std::fprintf(file, "%zu,%lld,%lld,%lld,%.4f,%.4f\n", cut - 1,
                 static_cast<long long>(cells[cut].sales), static_cast<long long>(receivables),
                 static_cast<long long>(not_due),
                 value(metrics::dso_count_back(receivables, newest_first)),
                 value(metrics::cei({beginning, cells[cut].sales, receivables, not_due, 0})));
  }
}

void write_aging(std::FILE* file, const receivables::Aging& row) {
  std::fprintf(file, "%lld", static_cast<long long>(row.open_items));
  for (const std::int64_t amount : row.buckets) {
    std::fprintf(file, ",%lld", static_cast<long long>(amount));
  }
  std::fprintf(file, ",%lld,%lld\n", static_cast<long long>(row.credits),
               static_cast<long long>(row.unapplied_cash));
}

class Answers {
 public:
  explicit Answers(std::uint32_t invoices)
      : before_(resident_bytes()),
        invoices_(invoices),
        segment_(make_book(invoices)),
        portfolio_({segment_}),
        questions_(portfolio_) {}

  void describe() const {
    std::printf("{\"invoices\": %u, \"customers\": %u, \"bytes\": %zu, \"resident_bytes\": %ld}\n",
                invoices_, portfolio_.customer_count(), bytes_of(segment_.columns),
                resident_bytes() - before_);
    std::fflush(stdout);
  }

  void answer(const Request& request) {
    if (request.what == "payments") return pay();
    if (!request.file.empty()) return write(request);
    busiest_ms = 0;
    const Stopwatch watch(instructions_);
    if (request.what == "worklist") {
      const auto list = questions_.worklist(request.threads, request.when);
      watch.print(busiest_ms);
    } else if (request.what == "aging") {
      const auto table = questions_.aging(request.threads, request.when);
      watch.print(busiest_ms);
    } else if (request.what == "series") {
      const auto cells = questions_.series(request.threads, request.when.known_at).cells(0);
      watch.print(busiest_ms);
    } else {
      sink_ += plain_scan(request.threads, segment_.columns, request.when.known_at != latest);
      watch.print(busiest_ms);
    }
  }

 private:
  void write(const Request& request) {
    std::FILE* file = std::fopen(request.file.c_str(), "wb");
    if (file == nullptr) std::exit(1);
    if (request.what == "worklist") {
      for (const RankedGroup& row : questions_.worklist(request.threads, request.when)) {
        std::fprintf(file, "%lld,%d,%lld\n",
                     static_cast<long long>(portfolio_.customer(row.group).value), row.points,
                     static_cast<long long>(row.overdue_base));
      }
    } else if (request.what == "aging") {
      write_aging(file, questions_.aging(request.threads, request.when).rows(0)[0]);
    } else {
      write_series(file, questions_.series(request.threads, request.when.known_at));
    }
    if (std::fclose(file) != 0) std::exit(1);
    std::printf("{\"sink\": %llu}\n", static_cast<unsigned long long>(sink_ & 1));
    std::fflush(stdout);
  }

  std::optional<RankedGroup> scored(std::uint32_t index) const {
    RankingFacts facts;
    std::vector<SharedPromise> shared;
    const RankingQuery query = questions_.query({as_of});
    gather_facts(portfolio_, index, query, facts, shared);
    if (facts.amounts.empty()) return std::nullopt;
    return score(facts, index, 0, portfolio_.currencies(), query);
  }

  /// Adds one payment and makes the totals and the list right again; microseconds.
  double pay(std::uint32_t number, RankedList& list, AgingTable& totals) {
    make_customer(number, invoices_, rows_);
    if (rows_.instalments.empty()) return -1;
    const auto& last = rows_.instalments.back();
    const std::int64_t amount = std::abs(last.amount_minor);
    rows_.payments.push_back(
        {{last.document.value + 1000}, 1, as_of, last.currency, amount, {}, false, unsealed});
    const Stopwatch watch(instructions_);
    const std::uint32_t index = *portfolio_.find(rows_.id);
    const auto before = scored(index);
    const auto aging_before = customer_aging(portfolio_, index, {as_of});
    portfolio_.apply(rows_.facts());
    const auto after = scored(index);
    for (const auto& row : customer_aging(portfolio_, index, {as_of})) {
      receivables::add_to(totals.at(0, 0), row);
    }
    for (const auto& row : aging_before) receivables::add_to(totals.at(0, 0), minus(row));
    if (before) list.erase(*before);
    if (after) list.insert(*after);
    return watch.wall_ms() * 1e3;
  }

  static receivables::Aging minus(const receivables::Aging& row) {
    receivables::Aging minus;
    minus.currency = row.currency;
    minus.open_items = -row.open_items;
    minus.credits = -row.credits;
    minus.unapplied_cash = -row.unapplied_cash;
    for (int i = 0; i < receivables::bucket_count; ++i) minus.buckets[i] = -row.buckets[i];
    return minus;
  }

  void pay() {
    const std::vector<std::uint32_t> tie;
    RankedList list(questions_.worklist(2, {as_of}), tie);
    AgingTable totals = questions_.aging(2, {as_of});
    std::vector<double> spent;
    const std::uint32_t customers = portfolio_.customer_count();
    for (std::uint64_t i = 0; i < 2000; ++i) {
      const double us =
          pay(static_cast<std::uint32_t>((i + paid_) * 7919 % customers), list, totals);
      if (us >= 0) spent.push_back(us);
    }
    paid_ += 2000;
    std::sort(spent.begin(), spent.end());
    const auto again = questions_.aging(2, {as_of}).rows(0)[0];
    const auto& kept = totals.rows(0)[0];
    const bool equal = list.page(0, list.size()) == questions_.worklist(2, {as_of}) &&
                       again.buckets == kept.buckets && again.credits == kept.credits &&
                       again.unapplied_cash == kept.unapplied_cash;
    std::printf("{\"wall_ms\": %.5f, \"p99_ms\": %.5f, \"worst_ms\": %.5f, \"equal\": %s}\n",
                spent[spent.size() / 2] / 1e3, spent[spent.size() * 99 / 100] / 1e3,
                spent.back() / 1e3, equal ? "true" : "false");
    std::fflush(stdout);
  }

  Instructions instructions_;
  long before_;
  std::uint32_t invoices_;
  Segment segment_;
  Portfolio portfolio_;
  Questions questions_;
  CustomerRows rows_;
  std::uint64_t paid_ = 0;
  std::uint64_t sink_ = 0;
};

}  // namespace
}  // namespace arrears::bench

int main(int argc, char** argv) {
  const auto invoices = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1'000'000;
  arrears::bench::Answers answers(static_cast<std::uint32_t>(invoices));
  answers.describe();
  for (std::string line; std::getline(std::cin, line);) {
    answers.answer(arrears::bench::parse(line));
  }
}
