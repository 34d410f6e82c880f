// Measures the portfolio room: bench_portfolio [invoices] [runs] [only lines with this text]
// One line per question: wall milliseconds (median, least) and the processor time of the busiest
// thread, which is what an idle machine would take, for 1 and 2 threads.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <string>

#include "measuring.h"
#include "questions.h"

namespace arrears::bench {
namespace {

using namespace portfolio;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Bench {
  std::uint32_t invoices = 1'000'000;
  int runs = 7;
  std::string only;

  void measure(const std::string& what, unsigned threads, const std::function<void()>& run,
               double bytes = 0) const {
    if (what.find(only) == std::string::npos) return;
    std::vector<double> wall, busy;
    for (int i = 0; i <= runs; ++i) {
      busiest_ms = 0;
      const auto start = Clock::now();
      run();
      if (i == 0) continue;  // warm-up
      wall.push_back(ms_since(start));
      busy.push_back(busiest_ms);
    }
    std::sort(wall.begin(), wall.end());
    std::sort(busy.begin(), busy.end());
    std::printf("%-44s threads %u  wall_ms %8.2f (least %8.2f)  cpu_ms %8.2f (least %8.2f)",
                what.c_str(), threads, wall[wall.size() / 2], wall[0], busy[busy.size() / 2],
                busy[0]);
    if (bytes > 0) std::printf("  GB/s %.1f", bytes / busy[0] / 1e6);
    std::printf("\n");
    std::fflush(stdout);
  }
};

/// The list as peers/scan.cpp makes it from maintained open amounts: the naive code to compare
/// with.
struct Naive {
  struct Item {
    std::int64_t open;
    std::uint32_t due_disputed;
    std::uint32_t customer;
  };
  struct Paid {
    std::int32_t on;
    std::int64_t amount;
  };
  struct Promise {
    std::uint32_t customer, item;
    std::int32_t made, deadline;
    std::int64_t amount;
  };
  struct Sums {
    std::int64_t buckets[6];
    std::int64_t open_days, disputed;
    std::int32_t oldest, broken;
  };
  struct Rank {
    double score;
    std::uint32_t customer;
  };
  std::vector<Item> items;
  std::vector<std::uint32_t> first_item{0};
  std::vector<Paid> paid;
  std::vector<std::uint32_t> first_paid{0};
  std::vector<Promise> promises;
  std::vector<std::uint32_t> first_promise{0};

  explicit Naive(std::uint32_t invoices) {
    CustomerRows rows;
    std::vector<std::int64_t> open;
    for (std::uint32_t at = 0; at < std::max(1U, invoices / 10); ++at) {
      make_customer(at, invoices, rows);
      std::vector<std::int64_t> ids;
      std::vector<std::uint32_t> due;
      for (const auto& fact : rows.instalments) {
        if (fact.version == 2) due.back() = static_cast<std::uint32_t>(fact.due_on.days) << 1;
        if (fact.version == 2) continue;
        ids.push_back(fact.document.value);
        due.push_back(static_cast<std::uint32_t>(fact.due_on.days) << 1);
      }
      open.assign(ids.size(), 0);
      std::vector<std::vector<Paid>> movements(ids.size());
      const auto place = [&](std::int64_t id) {
        return static_cast<std::size_t>(std::lower_bound(ids.begin(), ids.end(), id) - ids.begin());
      };
      for (const auto& fact : rows.instalments)
        open[place(fact.document.value)] = fact.amount_minor;
      for (const auto& fact : rows.allocations) {
        open[place(fact.document.value)] -= fact.amount_minor;
        movements[place(fact.document.value)].push_back(
            {fact.allocated_on.days, fact.amount_minor});
        if (fact.credit) open[place(fact.credit.value)] += fact.source_minor;
      }
      for (const auto& fact : rows.disputes) due[place(fact.document.value)] |= 1;
      for (std::size_t i = 0; i < ids.size(); ++i)
        if (open[i] > 0) items.push_back({open[i], due[i], at});
      for (const auto& fact : rows.promises) {
        const std::size_t i = place(fact.items[0].document.value);
        promises.push_back({at, static_cast<std::uint32_t>(first_paid.size() - 1 + i),
                            fact.made_on.days, fact.deadline.days, fact.items[0].amount_minor});
      }
      for (const auto& some : movements) {
        paid.insert(paid.end(), some.begin(), some.end());
        first_paid.push_back(static_cast<std::uint32_t>(paid.size()));
      }
      first_item.push_back(static_cast<std::uint32_t>(items.size()));
      first_promise.push_back(static_cast<std::uint32_t>(promises.size()));
    }
  }

  std::vector<Rank> list(unsigned threads) const {
    const auto customers = static_cast<std::uint32_t>(first_item.size() - 1);
    std::vector<std::vector<Rank>> parts(threads);
    std::vector<Rank> all;
    const auto less = [](const Rank& a, const Rank& b) {
      return a.score != b.score ? a.score > b.score : a.customer < b.customer;
    };
    in_parts(threads, customers, [&](unsigned part, std::uint32_t first, std::uint32_t last) {
      for (std::uint32_t at = first; at < last; ++at) {
        Sums sums{};
        sums.oldest = 1 << 30;
        for (std::uint32_t i = first_item[at]; i < first_item[at + 1]; ++i) {
          const auto due = static_cast<std::int32_t>(items[i].due_disputed >> 1);
          const int days = as_of.days - due;
          sums.buckets[days <= 0 ? 0 : days > 120 ? 5 : (days + 29) / 30] += items[i].open;
          if (days > 0) sums.open_days += items[i].open * days;
          if (days > 0) sums.oldest = std::min(sums.oldest, due);
          if (items[i].due_disputed & 1) sums.disputed += items[i].open;
        }
        for (std::uint32_t i = first_promise[at]; i < first_promise[at + 1]; ++i) {
          const Promise& promise = promises[i];
          if (promise.deadline < as_of.days - 90 || promise.deadline >= as_of.days) continue;
          std::int64_t kept = 0;
          for (std::uint32_t k = first_paid[promise.item]; k < first_paid[promise.item + 1]; ++k)
            if (paid[k].on >= promise.made && paid[k].on <= promise.deadline)
              kept += paid[k].amount;
          sums.broken += kept < promise.amount;
        }
        std::int64_t overdue = 0;
        for (int i = 1; i < 6; ++i) overdue += sums.buckets[i];
        if (overdue + sums.buckets[0] <= 0) continue;
        const double o = static_cast<double>(overdue),
                     days = static_cast<double>(sums.open_days) / o;
        const double score =
            overdue <= 0 ? 0
                         : 100 *
                               (.40 * (o / (o + 500000)) + .25 * std::min(days, 120.0) / 120.0 +
                                .15 * std::min(sums.broken, 3) / 3.0 +
                                .20 * static_cast<double>(sums.buckets[4] + sums.buckets[5]) / o) *
                               (1 - .5 * static_cast<double>(sums.disputed) /
                                        (o + static_cast<double>(sums.buckets[0])));
        parts[part].push_back({score, at});
      }
      std::sort(parts[part].begin(), parts[part].end(), less);
    });
    const double start = thread_ms();
    for (const auto& part : parts) {
      std::vector<Rank> both(all.size() + part.size());
      std::merge(all.begin(), all.end(), part.begin(), part.end(), both.begin(), less);
      all.swap(both);
    }
    if (threads > 1) busiest_ms += thread_ms() - start;
    return all;
  }
};

void ask(const Bench& bench, const Questions& questions, const Columns& columns,
         const Naive& naive) {
  const AsOf past{as_of - 200, latest};
  const AsOf known{as_of - 200, ordinal_of(as_of - 170)};
  std::uint64_t sink = 0;
  const double bytes = aging_bytes(columns, false);
  const double known_bytes = aging_bytes(columns, true);
  const auto totals = [&](unsigned threads, AsOf when) {
    sink += static_cast<std::uint64_t>(questions.aging(threads, when).rows(0)[0].open_items);
  };
  for (unsigned threads = 1; threads <= 2; ++threads) {
    bench.measure("naive worklist (peers' score)", threads,
                  [&] { sink += naive.list(threads).size(); });
    bench.measure("worklist today, ordered", threads,
                  [&] { sink += questions.worklist(threads, {as_of}).size(); });
    bench.measure("worklist as of 200 days ago", threads,
                  [&] { sink += questions.worklist(threads, past).size(); });
    bench.measure("worklist as of, known at", threads,
                  [&] { sink += questions.worklist(threads, known).size(); });
    bench.measure("KPI 24 months", threads,
                  [&] { sink += questions.series(threads, latest).cells(0).size(); });
    bench.measure("KPI 24 months, known at", threads,
                  [&] { sink += questions.series(threads, known.known_at).cells(0).size(); });
    bench.measure(
        "plain scan of the aging's bytes", threads,
        [&] { sink += plain_scan(threads, columns, false); }, bytes);
    bench.measure("aging totals today", threads, [&] { totals(threads, {as_of}); }, bytes);
    bench.measure(
        "plain scan of the aging's bytes, known at", threads,
        [&] { sink += plain_scan(threads, columns, true); }, known_bytes);
    bench.measure(
        "aging totals as of, known at", threads, [&] { totals(threads, known); }, known_bytes);
  }
  if (sink == 42) std::printf("\n");
}

int run(int argc, char** argv) {
  Bench bench;
  if (argc > 1) bench.invoices = static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10));
  if (argc > 2) bench.runs = static_cast<int>(std::strtol(argv[2], nullptr, 10));
  if (argc > 3) bench.only = argv[3];
  const auto start = Clock::now();
  const Segment segment = make_book(bench.invoices);
  const Columns& columns = segment.columns;
  std::printf("made with 2 threads                          %.1f s\n", ms_since(start) / 1e3);
  std::printf("customers %u  items %zu (plain %.1f %%)  movements %zu  cash %zu  promises %zu\n",
              columns.customer_count(), columns.amount.size() + columns.traced.size() - 1,
              100.0 * static_cast<double>(columns.amount.size()) /
                  static_cast<double>(columns.amount.size() + columns.traced.size() - 1),
              columns.movements.size(), columns.cash.size(), columns.promises.size() - 1);
  std::printf("bytes per invoice                            %.1f  (resident %ld MB)\n",
              static_cast<double>(bytes_of(columns)) / bench.invoices,
              resident_bytes() / 1'000'000);
  const Portfolio portfolio({segment});
  ask(bench, Questions(portfolio), columns, Naive(bench.invoices));
  return 0;
}

}  // namespace
}  // namespace arrears::bench

int main(int argc, char** argv) { return arrears::bench::run(argc, argv); }
