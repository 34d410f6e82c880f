#include "app/live_portfolio.h"

#include <algorithm>
#include <atomic>
#include <set>

#include "app/portfolio_load.h"
#include "domain/portfolio/image.h"

namespace arrears::app {

namespace {

using portfolio::ImageProblem;
using portfolio::Ordinal;
using portfolio::Portfolio;

/// A book of fewer items is loaded as fast as its image would be checked.
constexpr std::uint64_t items_worth_an_image = 50'000;
/// So many customers applied one by one take the time of a question.
constexpr std::size_t changes_worth_an_image = 2'000;

/// Beyond that many changed owners, and a part of the book, loading everything is faster.
constexpr std::size_t most_applied = 1'000;

std::string_view reason(ImageProblem problem) {
  switch (problem) {
    case ImageProblem::not_an_image:
      return "it is no image";
    case ImageProblem::other_version:
      return "another version of arrears wrote it";
    case ImageProblem::damaged_header:
    case ImageProblem::damaged_layout:
      return "it is damaged";
    case ImageProblem::cut_short:
      return "it is cut short";
  }
  return {};
}

bool is_whole(const portfolio::Image& image) {
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> whole = true;
  in_ranges(portfolio::column_count, [&](std::uint32_t first, std::uint32_t last) {
    if (first == last) return;
    for (std::size_t column = next++; column < portfolio::column_count && whole; column = next++)
      if (!portfolio::is_intact(image, column)) whole = false;
  });
  return whole;
}

}  // namespace

LivePortfolio::LivePortfolio(Store& store, PortfolioImageFile* image, PortfolioEvents events)
    : store_(store), image_(image), events_(std::move(events)) {}
LivePortfolio::~LivePortfolio() = default;

void LivePortfolio::refresh(Facts& facts) {
  std::unique_ptr<Facts> newest;
  if (facts.ordinal() != portfolio::latest) newest = store_.read({});
  Facts& current = newest ? *newest : facts.whole();
  bool same = book_.has_value();
  for (const parties::Entity& entity : current.entities()) {
    const auto known = calendars_.digests.find(entity.id);
    same = same && known != calendars_.digests.end() &&
           known->second == calendar_digest(current, entity);
  }
  if (!same) {
    // Other calendars give other deadlines to all promises.
    book_.reset();
    calendars_ = promise_calendars(current);
    if (!open_image(current)) return load(current);
  }
  const Changes changes = current.changes_since(checkpoint_);
  if (changes.owners.size() > most_applied + book_->customer_count() / 8) return load(current);
  apply(current, changes.owners);
  checkpoint_ = changes.checkpoint;
  compact();
}

bool LivePortfolio::has_deadlines_of(Facts& facts, const parties::Entity& entity) const {
  const auto known = calendars_.digests.find(entity.id);
  return known != calendars_.digests.end() && known->second == calendar_digest(facts, entity);
}

bool LivePortfolio::open_image(Facts& current) {
  if (!image_) return false;
  const auto bytes = image_->open();
  if (!bytes) return false;
  const auto refuse = [&](std::string_view why) {
    tell("The image of the portfolio is not used: " + std::string(why) +
         ". It is made again from the database.");
    return false;
  };
  const auto image = portfolio::open_image(bytes->bytes);
  if (!image) return refuse(reason(image.error()));
  const auto checkpoint = static_cast<Ordinal>(image->stamp.checkpoint);
  if (image->stamp.site != current.checkpoint_digest(checkpoint))
    return refuse("it is of another database");
  if (image->stamp.settings != calendars_.digest)
    return refuse("the calendars have changed since it was written");
  if (!is_whole(*image)) return refuse("it is damaged");
  book_.emplace(std::vector{portfolio::Segment{image->columns, bytes->owner}});
  checkpoint_ = checkpoint;
  applied_ = 0;
  came_from_image_ = true;
  is_kept_ = true;
  return true;
}

/// The threads have later snapshots than `current`: what came or went in between is read from it.
void LivePortfolio::load(Facts& current) {
  const Ordinal before = current.changes_since(portfolio::latest).checkpoint;
  book_.emplace(load_segments(store_, calendars_, events_.progress));
  if (events_.progress) events_.progress(1, 1);
  came_from_image_ = false;
  is_kept_ = false;
  applied_ = 0;
  const Changes own = current.changes_since(before);
  std::vector<std::int64_t> owners = store_.read({})->changes_since(before).owners;
  owners.insert(owners.end(), own.owners.begin(), own.owners.end());
  std::sort(owners.begin(), owners.end());
  owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
  apply(current, owners);
  checkpoint_ = own.checkpoint;
  compact();
}

/// A customer is applied again with all others of its parties, and with those that their promises
/// name: what a promise says about one of them depends on the rest.
void LivePortfolio::apply(Facts& current, std::span<const std::int64_t> owners) {
  HistoryReader reader(calendars_);
  std::set<parties::CustomerId> applied;
  std::set<parties::CustomerId> named;
  std::set<parties::PartyId> parties;
  const auto put = [&](const CustomerHistory& history) {
    const parties::CustomerId customer = history.facts.customer;
    for (const RecordedPromise* recorded : history.promises) {
      parties.insert(recorded->promise.party);
      for (const promises::PromiseItem& item : recorded->promise.items) named.insert(item.customer);
    }
    if (!applied.insert(customer).second) return;
    book_->apply(reader.read(history));
    ++applied_;
  };
  for (const std::int64_t owner : owners) {
    const parties::CustomerId customer{owner};
    bool is_customer = false;
    const auto before = book_->find(customer);
    if (before) {
      if (const auto who = book_->who(*before, portfolio::latest)) parties.insert(who->party);
    }
    current.history(customer, [&](const CustomerHistory& history) {
      is_customer = true;
      for (const auto& version : history.facts.versions) parties.insert(version.party);
      put(history);
    });
    if (is_customer) continue;
    parties.insert({owner});
    // A later snapshot knew it already.
    if (before) book_->apply({customer, {}, {}, {}, {}, {}, {}});
  }
  const std::set<parties::PartyId> touched = parties;
  for (const parties::PartyId party : touched) current.history(party, put);
  for (const parties::CustomerId customer : std::set(named)) {
    if (!applied.contains(customer)) current.history(customer, put);
  }
}

/// Customers that lie over the columns cost a little on each question.
void LivePortfolio::compact() {
  const std::size_t most = std::max<std::size_t>(1'000, book_->customer_count() / 32);
  if (book_->changed_count() <= most) return;
  book_ = Portfolio({portfolio::make_segment(book_->compacted())});
}

std::uint64_t LivePortfolio::item_count() const {
  std::uint64_t items = 0;
  book_->for_each_run(0, book_->customer_count(), [&](const portfolio::Run& run) {
    const auto& begin = run.columns.customers[run.first];
    const auto& end = run.columns.customers[run.last];
    items += end.plain - begin.plain + end.traced - begin.traced;
  });
  return items;
}

void LivePortfolio::keep_image(KeepImage when) {
  if (!image_ || !book_) return;
  const bool pays =
      (!is_kept_ || applied_ >= changes_worth_an_image) && item_count() >= items_worth_an_image;
  if (when == KeepImage::where_it_pays && !pays) return;
  const auto digest = store_.read({})->checkpoint_digest(checkpoint_);
  if (!digest) return;
  book_ = Portfolio({portfolio::make_segment(book_->compacted())});
  book_->for_each_run(0, book_->customer_count(), [&](const portfolio::Run& run) {
    const portfolio::ImageStamp stamp{*digest, checkpoint_, calendars_.digest};
    is_kept_ = image_->write(portfolio::image_size(run.columns), [&](std::span<std::byte> out) {
      portfolio::write_image(run.columns, stamp, out);
    });
  });
  applied_ = 0;
}

}  // namespace arrears::app
