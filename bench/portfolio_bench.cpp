// Measures the portfolio room: bench_portfolio [invoices] [runs] [only lines with this text]
// One line per question: wall milliseconds (median, least) and the processor time of the busiest
// thread, which is what an idle machine would take, for 1 and 2 threads.
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "domain/portfolio/aging.h"
#include "domain/portfolio/image.h"
#include "domain/portfolio/order.h"
#include "domain/portfolio/ranking.h"
#include "domain/portfolio/series.h"
#include "portfolio_book.h"

namespace arrears::bench {
namespace {

using namespace portfolio;
using Clock = std::chrono::steady_clock;

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

double busiest_ms = 0;

/// Runs `work(part, first, last)` on the parts of [0, n), and adds the busiest one's time.
void parallel(unsigned threads, std::uint32_t n,
              const std::function<void(unsigned, std::uint32_t, std::uint32_t)>& work) {
  std::vector<double> spent(threads);
  const auto part = [&](unsigned i) {
    const double start = thread_ms();
    work(i, static_cast<std::uint32_t>(std::uint64_t{n} * i / threads),
         static_cast<std::uint32_t>(std::uint64_t{n} * (i + 1) / threads));
    spent[i] = thread_ms() - start;
  };
  std::vector<std::thread> others;
  for (unsigned i = 1; i < threads; ++i) others.emplace_back(part, i);
  part(0);
  for (std::thread& other : others) other.join();
  busiest_ms += *std::max_element(spent.begin(), spent.end());
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

long resident_mb() {
  long pages = 0, resident = 0;
  std::ifstream("/proc/self/statm") >> pages >> resident;
  return resident * sysconf(_SC_PAGESIZE) / 1'000'000;
}

/// Bytes on huge pages, as a memory-mapped image would be held.
struct Block {
  std::byte* bytes;
  std::size_t size;
  explicit Block(std::size_t n) : size(n) {
    bytes = static_cast<std::byte*>(
        mmap(nullptr, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    madvise(bytes, n, MADV_HUGEPAGE);
  }
  ~Block() { munmap(bytes, size); }
};

Segment build(const Bench& bench, double& seconds) {
  const std::uint32_t customers = std::max(1U, bench.invoices / 10);
  std::vector<ColumnStore> stores(2);
  const auto start = Clock::now();
  parallel(2, customers, [&](unsigned part, std::uint32_t first, std::uint32_t last) {
    Builder builder(stores[part]);
    CustomerRows rows;
    for (std::uint32_t at = first; at < last; ++at) {
      make_customer(at, bench.invoices, rows);
      builder.add(rows.facts());
    }
  });
  seconds = ms_since(start) / 1e3;
  ColumnStore all = std::move(stores[0]);
  all.append(stores[1].view(), 0, stores[1].view().customer_count());
  stores[1] = {};
  const auto block = std::make_shared<Block>(image_size(all.view()));
  auto from = Clock::now();
  write_image(all.view(), {1, 2, 3}, {block->bytes, block->size});
  std::printf("image written                                %.0f ms, %.1f MB\n", ms_since(from),
              static_cast<double>(block->size) / 1e6);
  from = Clock::now();
  const auto image = open_image({block->bytes, block->size});
  const double opened = ms_since(from);
  from = Clock::now();
  bool intact = true;
  for (std::size_t i = 0; i < column_count; ++i) intact = intact && is_intact(*image, i);
  std::printf("image opened in %.3f ms, all columns checked in %.0f ms: %s\n", opened,
              ms_since(from), intact ? "intact" : "DAMAGED");
  return {image->columns, block};
}

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
    parallel(threads, customers, [&](unsigned part, std::uint32_t first, std::uint32_t last) {
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

std::vector<Date> month_ends() {
  std::vector<Date> cuts{first_issue - 1};
  while (cuts.back() < as_of) cuts.push_back(calendar::last_of_month(cuts.back() + 1));
  return cuts;
}

struct Questions {
  const Bench& bench;
  const Portfolio& portfolio;
  const strategy::Strategy rules = strategy::standard_strategy(*money::parse_currency("USD"));
  const money::RateTable rates{};
  std::vector<std::uint32_t> groups = std::vector<std::uint32_t>(portfolio.customer_count());

  RankingQuery query(AsOf when) const {
    return {when, rules, rates, *money::parse_currency("USD"), groups, {}};
  }

  std::vector<RankedGroup> list(unsigned threads, AsOf when) const {
    std::vector<RankingPart> parts(threads);
    parallel(threads, portfolio.customer_count(),
             [&](unsigned part, std::uint32_t first, std::uint32_t last) {
               parts[part] = rank(portfolio, first, last, query(when), {});
             });
    const double start = thread_ms();
    auto joined = join(std::move(parts), portfolio.currencies(), query(when), {});
    busiest_ms += thread_ms() - start;
    return joined;
  }

  AgingTable aging(unsigned threads, AsOf when) const {
    std::vector<AgingTable> tables(threads, AgingTable(1, portfolio.currencies()));
    parallel(threads, portfolio.customer_count(),
             [&](unsigned part, std::uint32_t first, std::uint32_t last) {
               add_aging(portfolio, first, last, when, {}, tables[part]);
             });
    for (unsigned i = 1; i < threads; ++i) tables[0].add(tables[i]);
    return tables[0];
  }

  Series series(unsigned threads, Ordinal known_at) const {
    const std::vector<Date> cuts = month_ends();
    std::vector<Series> parts(threads, Series(cuts, portfolio.currencies(), known_at));
    parallel(threads, portfolio.customer_count(),
             [&](unsigned part, std::uint32_t first, std::uint32_t last) {
               parts[part].add(portfolio, first, last);
             });
    for (unsigned i = 1; i < threads; ++i) parts[0].add(parts[i]);
    return parts[0];
  }

  /// Adds up the bytes that the aging reads, and no more.
  std::uint64_t plain_scan(unsigned threads, const Columns& columns) const {
    std::vector<std::uint64_t> sums(threads * 8);
    parallel(threads, 1000, [&](unsigned part, std::uint32_t first, std::uint32_t last) {
      std::uint64_t sum = 0;
      const auto add = [&](const auto& column) {
        const auto words = column.size_bytes() / 8;
        const auto* begin = reinterpret_cast<const std::uint64_t*>(column.data());
        const auto* at = begin + words * first / 1000;
        const auto* end = begin + words * last / 1000;
        std::uint64_t a = 0, b = 0, c = 0, d = 0;
        for (; at + 4 <= end; at += 4) a += at[0], b += at[1], c += at[2], d += at[3];
        sum += a + b + c + d;
      };
      add(columns.customers);
      add(columns.issued_on);
      add(columns.due_on);
      add(columns.settled_on);
      add(columns.amount);
      add(columns.traced);
      add(columns.movements);
      add(columns.cash);
      sums[part * 8] = sum;
    });
    return sums[0];
  }
};

void ask(const Bench& bench, const Questions& questions, const Columns& columns,
         const Naive& naive) {
  const AsOf past{as_of - 200, latest};
  const AsOf known{as_of - 200, ordinal_of(as_of - 170)};
  std::uint64_t sink = 0;
  const double bytes = static_cast<double>(
      10 * columns.amount.size() + columns.customers.size_bytes() + columns.traced.size_bytes() +
      columns.movements.size_bytes() + columns.cash.size_bytes());
  for (unsigned threads = 1; threads <= 2; ++threads) {
    bench.measure("naive worklist (peers' score)", threads,
                  [&] { sink += naive.list(threads).size(); });
    bench.measure("worklist today, ordered", threads,
                  [&] { sink += questions.list(threads, {as_of}).size(); });
    bench.measure("worklist as of 200 days ago", threads,
                  [&] { sink += questions.list(threads, past).size(); });
    bench.measure("worklist as of, known at", threads,
                  [&] { sink += questions.list(threads, known).size(); });
    bench.measure("KPI 24 months", threads,
                  [&] { sink += questions.series(threads, latest).cells(0).size(); });
    bench.measure("KPI 24 months, known at", threads,
                  [&] { sink += questions.series(threads, known.known_at).cells(0).size(); });
    bench.measure(
        "plain scan of the aging's bytes", threads,
        [&] { sink += questions.plain_scan(threads, columns); }, bytes);
    bench.measure(
        "aging totals today", threads,
        [&] {
          sink +=
              static_cast<std::uint64_t>(questions.aging(threads, {as_of}).rows(0)[0].open_items);
        },
        bytes);
    bench.measure(
        "aging totals as of, known at", threads,
        [&] {
          sink += static_cast<std::uint64_t>(questions.aging(threads, known).rows(0)[0].open_items);
        },
        bytes);
  }
  if (sink == 42) std::printf("\n");
}

/// One payment on an open item: rows, totals and ranked list are right again.
void update(const Bench& bench, Portfolio& portfolio, Questions& questions) {
  const std::vector<std::uint32_t> tie;
  RankedList list(questions.list(2, {as_of}), tie);
  AgingTable totals = questions.aging(2, {as_of});
  std::vector<double> spent;
  CustomerRows rows;
  const auto scored = [&](std::uint32_t index) -> std::optional<RankedGroup> {
    RankingFacts facts;
    std::vector<SharedPromise> shared;
    const RankingQuery query = questions.query({as_of});
    gather_facts(portfolio, index, query, facts, shared);
    if (facts.amounts.empty()) return std::nullopt;
    return score(facts, index, 0, portfolio.currencies(), query);
  };
  for (std::uint32_t i = 0; spent.size() < 2000; ++i) {
    const auto number = static_cast<std::uint32_t>(std::uint64_t{i} * 7919 % (bench.invoices / 10));
    make_customer(number, bench.invoices, rows);
    if (rows.instalments.empty()) continue;
    const auto& last = rows.instalments.back();
    rows.payments.push_back({{last.document.value + 1000},
                             1,
                             as_of,
                             last.currency,
                             std::abs(last.amount_minor),
                             {},
                             false,
                             unsealed});
    const auto start = Clock::now();
    const std::uint32_t index = *portfolio.find(rows.id);
    const auto before = scored(index);
    const auto aging_before = customer_aging(portfolio, index, {as_of});
    portfolio.apply(rows.facts());
    const auto after = scored(index);
    for (const auto& row : customer_aging(portfolio, index, {as_of}))
      receivables::add_to(totals.at(0, 0), row);
    for (const auto& row : aging_before) {
      receivables::Aging minus;
      minus.currency = row.currency;
      minus.open_items = -row.open_items;
      minus.credits = -row.credits;
      minus.unapplied_cash = -row.unapplied_cash;
      for (int b = 0; b < receivables::bucket_count; ++b) minus.buckets[b] = -row.buckets[b];
      receivables::add_to(totals.at(0, 0), minus);
    }
    if (before) list.erase(*before);
    if (after) list.insert(*after);
    spent.push_back(ms_since(start) * 1e3);
  }
  std::sort(spent.begin(), spent.end());
  std::printf(
      "one payment, totals and list right again      us median %.1f  p99 %.1f  worst %.1f\n",
      spent[spent.size() / 2], spent[spent.size() * 99 / 100], spent.back());
  const bool same_list = list.page(0, list.size()) == questions.list(2, {as_of});
  const AgingTable again = questions.aging(2, {as_of});
  const bool same_totals = again.rows(0)[0].buckets == totals.rows(0)[0].buckets &&
                           again.rows(0)[0].unapplied_cash == totals.rows(0)[0].unapplied_cash;
  std::printf("after %zu payments: list %s, totals %s\n", spent.size(),
              same_list ? "equal" : "DIFFERS", same_totals ? "equal" : "DIFFER");
  bench.measure("worklist today over 2000 changed customers", 1,
                [&] { questions.list(1, {as_of}); });
}

int run(int argc, char** argv) {
  Bench bench;
  if (argc > 1) bench.invoices = static_cast<std::uint32_t>(std::strtoul(argv[1], nullptr, 10));
  if (argc > 2) bench.runs = static_cast<int>(std::strtol(argv[2], nullptr, 10));
  if (argc > 3) bench.only = argv[3];
  double seconds = 0;
  std::vector<Segment> segments{build(bench, seconds)};
  const Columns columns = segments[0].columns;
  std::printf("generated and built with 2 threads           %.1f s\n", seconds);
  std::printf("customers %u  items %zu (plain %.1f %%)  movements %zu  cash %zu  promises %zu\n",
              columns.customer_count(), columns.amount.size() + columns.traced.size() - 1,
              100.0 * static_cast<double>(columns.amount.size()) /
                  static_cast<double>(columns.amount.size() + columns.traced.size() - 1),
              columns.movements.size(), columns.cash.size(), columns.promises.size() - 1);
  std::printf("bytes per invoice                            %.1f  (resident %ld MB)\n",
              static_cast<double>(bytes_of(columns)) / bench.invoices, resident_mb());
  Portfolio portfolio(std::move(segments));
  Questions questions{bench, portfolio};
  for (std::uint32_t i = 0; i < questions.groups.size(); ++i) questions.groups[i] = i;
  {
    const Naive naive(bench.invoices);
    ask(bench, questions, columns, naive);
  }
  update(bench, portfolio, questions);
  return 0;
}

}  // namespace
}  // namespace arrears::bench

int main(int argc, char** argv) { return arrears::bench::run(argc, argv); }
