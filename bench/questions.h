#pragma once

#include <sys/mman.h>
#include <time.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "domain/portfolio/aging.h"
#include "domain/portfolio/image.h"
#include "domain/portfolio/ranking.h"
#include "domain/portfolio/series.h"
#include "portfolio_book.h"

/// The questions of the measurements, asked of the portfolio with 1 or more threads.
namespace arrears::bench {

inline double thread_ms() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e3 + static_cast<double>(now.tv_nsec) / 1e6;
}

/// The processor's time of the busiest thread, added up over the steps of a question: what an idle
/// machine would take.
inline double busiest_ms = 0;

/// Runs `work(part, first, last)` on the parts of [0, n), one thread each.
inline void in_parts(unsigned threads, std::uint32_t n,
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

/// Bytes on huge pages, as a memory-mapped image would be held.
class Block {
 public:
  explicit Block(std::size_t size) : size_(size) {
    bytes_ = static_cast<std::byte*>(
        mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    madvise(bytes_, size, MADV_HUGEPAGE);
  }
  ~Block() { munmap(bytes_, size_); }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  std::span<std::byte> bytes() const { return {bytes_, size_}; }

 private:
  std::byte* bytes_;
  std::size_t size_;
};

/// The columns of the book, made with two threads, as they lie in an image.
inline portfolio::Segment make_book(std::uint32_t invoices) {
  std::vector<portfolio::ColumnStore> stores(2);
  in_parts(2, std::max(1U, invoices / 10),
           [&](unsigned part, std::uint32_t first, std::uint32_t last) {
             portfolio::Builder builder(stores[part]);
             CustomerRows rows;
             for (std::uint32_t at = first; at < last; ++at) {
               make_customer(at, invoices, rows);
               builder.add(rows.facts());
             }
           });
  portfolio::ColumnStore all = std::move(stores[0]);
  all.append(stores[1].view(), 0, stores[1].view().customer_count());
  stores.clear();
  const auto block = std::make_shared<Block>(portfolio::image_size(all.view()));
  portfolio::write_image(all.view(), {1, 2, 3}, block->bytes());
  return {portfolio::open_image(block->bytes())->columns, block};
}

/// The days of the series: the day before the book begins, then the ends of its months.
inline std::vector<calendar::Date> month_ends() {
  std::vector<calendar::Date> cuts{first_issue - 1};
  while (cuts.back() < as_of) cuts.push_back(calendar::last_of_month(cuts.back() + 1));
  return cuts;
}

class Questions {
 public:
  explicit Questions(const portfolio::Portfolio& portfolio)
      : portfolio_(portfolio), groups_(portfolio.customer_count()) {
    for (std::uint32_t i = 0; i < groups_.size(); ++i) groups_[i] = i;
  }

  portfolio::RankingQuery query(portfolio::AsOf when) const {
    return {when, rules_, rates_, base_, groups_, {}};
  }

  /// Every customer with something open, in order.
  std::vector<portfolio::RankedGroup> worklist(unsigned threads, portfolio::AsOf when) const {
    std::vector<portfolio::RankingPart> parts(threads);
    in_parts(threads, portfolio_.customer_count(),
             [&](unsigned part, std::uint32_t first, std::uint32_t last) {
               parts[part] = rank(portfolio_, first, last, query(when), {});
             });
    const double start = thread_ms();
    auto joined = join(std::move(parts), portfolio_.currencies(), query(when), {});
    busiest_ms += thread_ms() - start;
    return joined;
  }

  portfolio::AgingTable aging(unsigned threads, portfolio::AsOf when) const {
    std::vector<portfolio::AgingTable> tables(threads,
                                              portfolio::AgingTable(1, portfolio_.currencies()));
    in_parts(threads, portfolio_.customer_count(),
             [&](unsigned part, std::uint32_t first, std::uint32_t last) {
               add_aging(portfolio_, first, last, when, {}, tables[part]);
             });
    for (unsigned i = 1; i < threads; ++i) tables[0].add(tables[i]);
    return std::move(tables[0]);
  }

  portfolio::Series series(unsigned threads, portfolio::Ordinal known_at) const {
    const std::vector<calendar::Date> cuts = month_ends();
    std::vector<portfolio::Series> parts(
        threads, portfolio::Series(cuts, portfolio_.currencies(), known_at));
    in_parts(threads, portfolio_.customer_count(),
             [&](unsigned part, std::uint32_t first, std::uint32_t last) {
               parts[part].add(portfolio_, first, last);
             });
    for (unsigned i = 1; i < threads; ++i) parts[0].add(parts[i]);
    return std::move(parts[0]);
  }

 private:
  const portfolio::Portfolio& portfolio_;
  const money::Currency base_ = *money::parse_currency("USD");
  const strategy::Strategy rules_ = strategy::standard_strategy(base_);
  const money::RateTable rates_;
  std::vector<std::uint32_t> groups_;
};

/// Calls `each(column)` for the columns that the aging reads: days and amounts of plain items,
/// traced items, cash. As known at an ordinal also the ordinals of plain items and the movements.
/// (It reads the customers as well where they are of several groups or currencies.)
template <class Each>
void for_each_aging_column(const portfolio::Columns& columns, bool known, Each each) {
  each(columns.issued_on);
  each(columns.due_on);
  each(columns.settled_on);
  each(columns.amount);
  each(columns.traced);
  each(columns.cash);
  if (!known) return;
  each(columns.known_from);
  each(columns.settled_known);
  each(columns.movements);
}

inline double aging_bytes(const portfolio::Columns& columns, bool known) {
  double bytes = 0;
  for_each_aging_column(columns, known, [&](const auto& column) {
    bytes += static_cast<double>(column.size_bytes());
  });
  return bytes;
}

/// Adds up the bytes that the aging reads, and no more. `known`: as known at an ordinal.
inline std::uint64_t plain_scan(unsigned threads, const portfolio::Columns& columns, bool known) {
  std::vector<std::uint64_t> sums(threads * 8);
  in_parts(threads, 1000, [&](unsigned part, std::uint32_t first, std::uint32_t last) {
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
    for_each_aging_column(columns, known, add);
    sums[part * 8] = sum;
  });
  return sums[0];
}

}  // namespace arrears::bench
