#include "app/portfolio_load.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

namespace arrears::app {

namespace {

/// FNV-1a.
class Digest {
 public:
  void add(std::uint64_t value) {
    for (int byte = 0; byte < 8; ++byte) add_byte(static_cast<unsigned char>(value >> (byte * 8)));
  }
  void add(std::string_view text) {
    for (const char c : text) add_byte(static_cast<unsigned char>(c));
    add(text.size());
  }
  std::uint64_t value() const { return value_; }

 private:
  void add_byte(unsigned char byte) { value_ = (value_ ^ byte) * 0x100000001B3; }
  std::uint64_t value_ = 0xCBF29CE484222325;
};

/// Which days of the years that promises fall into are worked: the holidays that come with the
/// program are part of it.
void add_days(const calendar::BusinessCalendar& calendar, Digest& digest) {
  constexpr Date first{7305};  // 1990-01-01
  constexpr int days = 80 * 365;
  for (int day = 0; day < days; day += 64) {
    std::uint64_t worked = 0;
    for (int i = 0; i < 64; ++i)
      worked |= std::uint64_t{calendar.is_business_day(first + (day + i))} << i;
    digest.add(worked);
  }
}

/// How many pieces the parts are loaded in.
constexpr int piece_count = 64;
constexpr int parts_of_piece = base::part_count / piece_count;

portfolio::Segment load_piece(Facts& facts, int piece, const PromiseCalendars& calendars) {
  portfolio::ColumnStore store;
  portfolio::Builder builder(store);
  HistoryReader reader(calendars);
  facts.each_history({piece * parts_of_piece, (piece + 1) * parts_of_piece - 1},
                     [&](const CustomerHistory& history) { builder.add(reader.read(history)); });
  portfolio::for_each_column(store, store, [](auto& column, auto&) { column.shrink_to_fit(); });
  return portfolio::make_segment(std::move(store));
}

}  // namespace

std::uint64_t calendar_digest(Facts& facts, const parties::Entity& entity) {
  Digest digest;
  digest.add(entity.calendar);
  for (const CalendarDay& day : facts.calendar_days(entity.id)) {
    digest.add(static_cast<std::uint64_t>(day.day.days));
    digest.add(day.is_holiday ? 1 : 0);
  }
  return digest.value();
}

PromiseCalendars promise_calendars(Facts& facts) {
  PromiseCalendars all;
  Digest digest;
  for (const parties::Entity& entity : facts.entities()) {
    calendar::BusinessCalendar calendar = entity_calendar(facts, entity);
    digest.add(static_cast<std::uint64_t>(entity.id.value));
    add_days(calendar, digest);
    all.digests[entity.id] = calendar_digest(facts, entity);
    all.calendars.emplace(entity.id, std::move(calendar));
  }
  all.digest = digest.value();
  return all;
}

const portfolio::CustomerFacts& HistoryReader::read(const CustomerHistory& history) {
  facts_ = history.facts;
  promises_.clear();
  const parties::CustomerId customer = facts_.customer;
  for (const RecordedPromise* recorded : history.promises) {
    const promises::Promise& promise = recorded->promise;
    portfolio::PromiseFact& fact = promises_.emplace_back();
    fact.promise = promise.id;
    fact.party = promise.party;
    fact.made_on = promise.made_on;
    fact.deadline = promises::deadline(promise, calendars_.calendars.at(promise.entity));
    fact.known_from = recorded->known_from;
    fact.counted = recorded->counted_at == customer;
    fact.shared = !fact.counted;
    fact.covers = !facts_.versions.empty() && facts_.versions.back().party == promise.party;
    for (const promises::PromiseItem& item : promise.items) {
      if (item.customer == customer) {
        fact.items.push_back({item.document, item.instalment, item.amount_minor});
      } else {
        fact.shared = true;
      }
    }
    for (std::size_t i = 0; i < promise.events.size(); ++i)
      fact.ends.push_back({promise.events[i].on, recorded->events_known_from[i]});
  }
  facts_.promises = promises_;
  return facts_;
}

std::vector<portfolio::Segment> load_segments(
    Store& store, const PromiseCalendars& calendars,
    const std::function<void(int done, int total)>& progress) {
  std::array<portfolio::Segment, piece_count> pieces;
  std::atomic<int> next = 0;
  std::atomic<int> done = 0;
  const auto caller = std::this_thread::get_id();
  in_ranges(std::max(1U, std::thread::hardware_concurrency()),
            [&](std::uint32_t first, std::uint32_t last) {
              if (first == last) return;
              const auto facts = store.read({});
              for (int piece = next++; piece < piece_count; piece = next++) {
                pieces[static_cast<std::size_t>(piece)] = load_piece(*facts, piece, calendars);
                ++done;
                if (progress && std::this_thread::get_id() == caller) progress(done, piece_count);
              }
            });
  return {pieces.begin(), pieces.end()};
}

void in_ranges(std::uint32_t count,
               const std::function<void(std::uint32_t first, std::uint32_t last)>& work) {
  const std::uint32_t most = std::max(1U, std::thread::hardware_concurrency());
  const std::uint32_t threads = std::min(most, std::max(1U, count));
  std::exception_ptr failure;
  std::mutex failing;
  const auto run = [&](std::uint32_t number) {
    try {
      const std::uint64_t whole = count;
      work(static_cast<std::uint32_t>(whole * number / threads),
           static_cast<std::uint32_t>(whole * (number + 1) / threads));
    } catch (...) {
      const std::lock_guard lock(failing);
      if (!failure) failure = std::current_exception();
    }
  };
  std::vector<std::thread> others;
  for (std::uint32_t number = 1; number < threads; ++number) others.emplace_back(run, number);
  run(0);
  for (std::thread& other : others) other.join();
  if (failure) std::rethrow_exception(failure);
}

}  // namespace arrears::app
