#include "domain/portfolio/due.h"

namespace arrears::portfolio {
namespace {

template <bool known>
class OpenScan {
 public:
  OpenScan(const Columns& columns, AsOf as_of, Date due_by)
      : columns_(columns),
        plain_(columns, as_of.known_at),
        day_(plain_day_of(as_of.day)),
        as_of_(as_of),
        due_by_(due_by) {}

  OpenState state(std::uint32_t customer) const {
    OpenState state = OpenState::nothing;
    const CustomerRow& row = columns_.customers[customer];
    const CustomerRow& end = columns_.customers[customer + 1];
    if (day_) {
      for_each_piece(row.plain, end.plain, [&](std::uint32_t at, std::uint32_t count) {
        for_each_lane(plain_.open(at, count, *day_), [&](std::uint32_t lane) {
          if (columns_.amount[at + lane] <= 0) return;
          see(first_day + columns_.due_on[at + lane], state);
        });
      });
    }
    for (std::uint32_t at = row.traced; at < end.traced; ++at) {
      const TracedItem& item = columns_.traced[at];
      if (open_amount(columns_, item, as_of_) > 0) see(Date{item.due_on}, state);
    }
    return state;
  }

 private:
  void see(Date due_on, OpenState& state) const {
    state = std::max(state, due_on <= due_by_ ? OpenState::due : OpenState::open);
  }

  const Columns& columns_;
  PlainItems<known> plain_;
  std::optional<Day> day_;
  AsOf as_of_;
  Date due_by_;
};

}  // namespace

void find_open(const Portfolio& portfolio, std::uint32_t first, std::uint32_t last, AsOf as_of,
               Date due_by, std::span<OpenState> states) {
  const auto scan = [&](const auto& of, const Run& run) {
    for (std::uint32_t at = run.first; at < run.last; ++at)
      states[run.index + at - run.first] = of.state(at);
  };
  portfolio.for_each_run(first, last, [&](const Run& run) {
    if (as_of.known_at == latest) {
      scan(OpenScan<false>(run.columns, as_of, due_by), run);
    } else {
      scan(OpenScan<true>(run.columns, as_of, due_by), run);
    }
  });
}

}  // namespace arrears::portfolio
