#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "app/lookup.h"
#include "app/portfolio_image.h"
#include "domain/portfolio/portfolio.h"

/// The portfolio of a store: loaded once, then kept in line with what was recorded since. See
/// docs/decisions/0008-portfolio-in-the-program.md.
namespace arrears::app {

/// What deadlines of promises are computed with, by entity.
struct PromiseCalendars {
  std::map<parties::EntityId, calendar::BusinessCalendar> calendars;
  std::map<parties::EntityId, std::uint64_t> digests;  ///< of what each is made of
  std::uint64_t digest = 0;                            ///< of all of them, day by day
};

struct PortfolioEvents {
  /// One line for people: an image that could not be used.
  std::function<void(std::string_view)> notice;
  /// How many of how many parts are loaded.
  std::function<void(int done, int total)> progress;
};

enum class KeepImage : unsigned char {
  where_it_pays,  ///< not of a small book, nor where little has changed
  always,
};

/// Not for several threads at once. Its questions use threads of their own.
class LivePortfolio {
 public:
  /// `image`: null where none is kept.
  LivePortfolio(Store& store, PortfolioImageFile* image, PortfolioEvents events);
  ~LivePortfolio();

  /// Brings the book in line with a snapshot that was taken after those of earlier calls: what the
  /// view of `facts` sees is then what the book says as known at `facts.ordinal()`. The first call
  /// opens the image or loads the store.
  void refresh(Facts& facts);

  const portfolio::Portfolio& book() const { return *book_; }

  /// Whether the deadlines in the book are those that `facts` would give: not where it sees another
  /// calendar of the entity than the present one.
  bool has_deadlines_of(Facts& facts, const parties::Entity& entity) const;

  /// Writes the image, so that the next run is spared a good part of its work.
  void keep_image(KeepImage when = KeepImage::where_it_pays);

  bool came_from_image() const { return came_from_image_; }

 private:
  bool open_image(Facts& current);
  void load(Facts& current);
  void apply(Facts& current, std::span<const std::int64_t> owners);
  void apply_customer(Facts& current, parties::CustomerId customer);
  void compact();
  std::uint64_t item_count() const;
  void tell(const std::string& line) const {
    if (events_.notice) events_.notice(line);
  }

  Store& store_;
  PortfolioImageFile* image_;
  PortfolioEvents events_;
  std::optional<portfolio::Portfolio> book_;
  PromiseCalendars calendars_;
  std::uint64_t digest_of_checkpoint_ = 0;
  portfolio::Ordinal checkpoint_ = 0;
  std::size_t applied_ = 0;  ///< customers, since the image was opened or written
  bool came_from_image_ = false;
  bool is_kept_ = false;  ///< an image of nearly this lies there
};

/// Splits [0, count) among the processors: `work(first, last)` for each range, in any order and at
/// once. The first exception is thrown again when all have ended.
void in_ranges(std::uint32_t count,
               const std::function<void(std::uint32_t first, std::uint32_t last)>& work);

}  // namespace arrears::app
