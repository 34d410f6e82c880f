#include "app/metrics.h"

#include <mutex>
#include <set>

#include "app/live_portfolio.h"
#include "domain/metrics/book_figures.h"
#include "domain/metrics/targets.h"
#include "domain/portfolio/outcome.h"
#include "domain/portfolio/series.h"

namespace arrears::app {

namespace {

using metrics::Figure;

constexpr int longest_period_days = 3660;
/// Sales before the period that the count-back may need.
constexpr int history_months = 36;

boost::json::value input_value(const metrics::Input& input, money::Currency base) {
  if (input.kind == metrics::InputKind::amount_minor)
    return boost::json::string(money::to_decimal(input.value, base));
  return input.value;
}

Json figure_json(const Figure& figure, money::Currency base) {
  Json inputs;
  for (const metrics::Input& input : figure.inputs) inputs[input.name] = input_value(input, base);
  Json json{{"name", figure.name},
            {"value", nullptr},
            {"unit", base::name(figure.unit)},
            {"state", base::name(figure.state)},
            {"text", metrics::to_text(figure)},
            {"formula", figure.formula},
            {"inputs", std::move(inputs)}};
  if (figure.state != metrics::FigureState::not_defined)
    json["value"] = metrics::to_decimal(figure, 4);
  if (figure.gap != metrics::Gap::none) {
    json["why"] = std::string(metrics::text(figure.gap)) +
                  (figure.detail.empty() ? "" : ": " + figure.detail);
  }
  for (const metrics::Target& target : metrics::targets()) {
    if (target.figure != figure.name) continue;
    const auto bound = [](std::int64_t hundredths) {
      const std::int64_t part = hundredths % 100;
      return std::to_string(hundredths / 100) + (part < 10 ? ".0" : ".") + std::to_string(part);
    };
    json["target"] = Json{{"low", bound(target.low_hundredths)},
                          {"high", bound(target.high_hundredths)},
                          {"standing", base::name(metrics::standing(target, figure))},
                          {"source", target.source}};
  }
  return json;
}

Result<base::Done> check_period(const MetricsQuery& query) {
  const std::string period =
      "The period from " + to_string(query.from) + " to " + to_string(query.to);
  if (query.to < query.from) return base::refuse(MetricsRefusal::period_backwards, period);
  if (query.as_of < query.to) {
    return base::refuse(MetricsRefusal::period_not_over,
                        period + " is not over on " + to_string(query.as_of));
  }
  if (query.to - query.from > longest_period_days)
    return base::refuse(MetricsRefusal::period_too_long, period);
  return base::Done{};
}

/// Everything that a report is made of, summed up party by party.
class Collection {
 public:
  Collection(Facts& facts, const MetricsQuery& query, const EntityContext& context)
      : facts_(facts),
        query_(query),
        context_(context),
        history_({query.from, query.to}, calendar::add_months(query.from, -history_months),
                 query.as_of, context.entity.base_currency) {}

  void add(const PartyFile& file) {
    for (const Account& account : file.accounts) {
      if (account.customer.entity != context_.entity.id) continue;
      history_.add(account.ledger);
      for (const receivables::Document& document : account.ledger.documents) {
        if (document.kind == receivables::DocumentKind::adjustment && !document.cancelled)
          history_.add_write_off(document.issued_on, {-document.amount_minor, document.currency});
      }
    }
    add_promises(file);
    for (const contact::CallEntry& call : file.calls) add(call);
  }

  void add_promises(const PartyFile& file) {
    for (const promises::Promise& promise : file.promises) add(file, promise);
  }

  void add(const contact::CallEntry& call) {
    if (call.entity != context_.entity.id || call.direction != contact::Direction::outbound ||
        call.business_date < query_.from || query_.to < call.business_date)
      return;
    const auto disposition = contact::disposition(call);
    ++contacts_.attempts;
    if (disposition == contact::Disposition::right_party_reached ||
        disposition == contact::Disposition::wrong_party ||
        disposition == contact::Disposition::refused_to_talk)
      ++contacts_.connects;
    if (disposition == contact::Disposition::right_party_reached) ++contacts_.right_party;
  }

  std::vector<Figure> figures(const metrics::BookFigures& book) const {
    std::vector<Figure> all = book.period;
    all.push_back(metrics::promise_kept_rate(promises_));
    all.push_back(metrics::promise_partly_kept_rate(promises_));
    all.push_back(amount_rate_known_ ? metrics::promise_kept_rate_amount(promises_)
                                     : without_rate(metrics::promise_kept_rate_amount(promises_)));
    all.push_back(metrics::right_party_contact_rate(contacts_));
    all.push_back(metrics::right_party_contact_rate_of_connects(contacts_));
    return all;
  }

  metrics::BookHistory& history() { return history_; }

 private:
  void add(const PartyFile& file, const promises::Promise& promise) {
    if (promise.entity != context_.entity.id || query_.to < promise.made_on) return;
    const auto judged = judge_promise(facts_, file, promise, context_.calendar, query_.to);
    const promises::PromiseStanding& standing = judged.standing;
    if (standing.deadline < query_.from || query_.to < standing.deadline) return;
    std::int64_t promised = 0;
    std::int64_t paid = 0;
    const auto in_base = [&](std::int64_t minor, std::int64_t& sum) {
      const auto amount = context_.rates.convert({minor, promise.currency},
                                                 context_.entity.base_currency, query_.to);
      if (!amount) amount_rate_known_ = false;
      sum = amount ? amount->minor : 0;
    };
    in_base(promise.amount_minor, promised);
    in_base(standing.paid_minor, paid);
    promises_.add(outcome(standing), promised, paid);
  }

  static metrics::PromiseOutcome outcome(const promises::PromiseStanding& standing) {
    if (standing.superseded) return metrics::PromiseOutcome::excluded;
    switch (standing.state) {
      case promises::PromiseState::kept:
        return metrics::PromiseOutcome::kept;
      case promises::PromiseState::partly_kept:
        return metrics::PromiseOutcome::partly_kept;
      case promises::PromiseState::broken:
        return metrics::PromiseOutcome::broken;
      case promises::PromiseState::withdrawn:
        return metrics::PromiseOutcome::excluded;
      case promises::PromiseState::open:
        return metrics::PromiseOutcome::not_matured;
    }
    return metrics::PromiseOutcome::not_matured;
  }

  static Figure without_rate(Figure figure) {
    figure.state = metrics::FigureState::not_defined;
    figure.gap = metrics::Gap::missing_rate;
    return figure;
  }

  Facts& facts_;
  const MetricsQuery& query_;
  const EntityContext& context_;
  metrics::BookHistory history_;
  metrics::PromiseTally promises_;
  metrics::ContactTally contacts_;
  bool amount_rate_known_ = true;
};

/// Calls `each(first, last)` for the stretches of [begin, end) whose customers are the entity's.
template <class Each>
void for_each_stretch(const portfolio::Portfolio& book, std::uint32_t begin, std::uint32_t end,
                      parties::EntityId entity, Each each) {
  const auto is_own = [&](std::uint32_t index) {
    const auto who = book.who(index, portfolio::latest);
    return who && who->entity == entity;
  };
  while (begin < end) {
    std::uint32_t last = begin;
    while (last < end && is_own(last)) ++last;
    if (begin < last) each(begin, last);
    begin = last + 1;
  }
}

void add_book(const portfolio::Portfolio& book, portfolio::Ordinal known_at,
              parties::EntityId entity, metrics::BookHistory& history) {
  const std::vector<Date> cuts(history.cuts().begin(), history.cuts().end());
  portfolio::Series series(cuts, book.currencies(), known_at);
  portfolio::Outcomes outcomes(history.period(), history.next_month_end(), book.currencies(),
                               known_at);
  std::mutex adding;
  in_ranges(book.customer_count(), [&](std::uint32_t first, std::uint32_t last) {
    portfolio::Series own_series(cuts, book.currencies(), known_at);
    portfolio::Outcomes own_outcomes(history.period(), history.next_month_end(), book.currencies(),
                                     known_at);
    for_each_stretch(book, first, last, entity, [&](std::uint32_t begin, std::uint32_t end) {
      own_series.add(book, begin, end);
      own_outcomes.add(book, begin, end);
    });
    const std::lock_guard lock(adding);
    series.add(own_series);
    outcomes.add(own_outcomes);
  });
  for (std::size_t at = 0; at < book.currencies().size(); ++at) {
    const auto number = static_cast<std::uint8_t>(at);
    std::vector<metrics::BookHistory::Cell> cells;
    for (const portfolio::SeriesCell& cell : series.cells(number))
      cells.push_back({cell.receivables, cell.not_due, cell.sales, cell.written_off});
    history.add_sums(book.currencies()[at], cells, outcomes.of(number), series.first_sale());
  }
}

/// The parties with a promise whose deadline lies in the period; nothing where the columns do not
/// say whose promise it is, because its party has no customer in the entity any more.
std::optional<std::set<parties::PartyId>> parties_with_promises(const portfolio::Portfolio& book,
                                                                const MetricsQuery& query) {
  std::set<parties::PartyId> parties;
  std::set<std::int64_t> counted;
  std::set<std::int64_t> elsewhere;
  book.for_each_run(0, book.customer_count(), [&](const portfolio::Run& run) {
    for (std::uint32_t customer = run.first; customer < run.last; ++customer) {
      const auto& rows = run.columns.customers;
      for (auto at = rows[customer].promises; at < rows[customer + 1].promises; ++at) {
        const Date deadline{run.columns.promise_deadline[at]};
        if (deadline < query.from || query.to < deadline) continue;
        const portfolio::PromiseRow& promise = run.columns.promises[at];
        if (promise.flags & portfolio::counted_promise) {
          counted.insert(promise.id);
          const auto who = book.who(run.index + customer - run.first, portfolio::latest);
          parties.insert(who->party);
        } else {
          elsewhere.insert(promise.id);
        }
      }
    }
  });
  const bool all_known = std::ranges::includes(counted, elsewhere);
  return all_known ? std::optional(parties) : std::nullopt;
}

/// False where only the store can say it.
bool collect_from(LivePortfolio& portfolio, Facts& facts, const MetricsQuery& query,
                  const parties::Entity& entity, Collection& collection) {
  portfolio.refresh(facts);
  if (!portfolio.has_deadlines_of(facts, entity)) return false;
  const auto parties = parties_with_promises(portfolio.book(), query);
  if (!parties) return false;
  add_book(portfolio.book(), facts.ordinal(), entity.id, collection.history());
  for (const parties::PartyId party : *parties) {
    // Not known yet at the instant that is asked for.
    const auto file = facts.party_file(party, Detail::everything);
    if (file) collection.add_promises(*file);
  }
  facts.each_call([&](const contact::CallEntry& call) { collection.add(call); });
  return true;
}

}  // namespace

Result<Json> metrics_report(Facts& facts, const MetricsQuery& query, LivePortfolio* portfolio) {
  const auto entity = find_entity(facts, query.entity);
  if (!entity) return entity.error();
  if (const auto fine = check_period(query); !fine) return fine.error();
  const EntityContext context = gather_entity(facts, *entity, query.to);
  Collection collection(facts, query, context);
  if (!portfolio || !collect_from(*portfolio, facts, query, *entity, collection))
    facts.each_party({}, Detail::everything, [&](const PartyFile& file) { collection.add(file); });
  const metrics::BookFigures book = metrics::book_figures(collection.history(), context.rates);
  boost::json::array figures;
  for (const Figure& figure : collection.figures(book)) {
    if (!query.figure.empty() && figure.name != query.figure) continue;
    figures.push_back(figure_json(figure, entity->base_currency));
  }
  if (figures.empty()) {
    return base::refuse(MetricsRefusal::figure_unknown, "There is no figure " + query.figure);
  }
  boost::json::array months;
  for (const metrics::MonthFigures& month : book.months) {
    months.push_back(
        Json{{"from", to_string(month.days.from)},
             {"to", to_string(month.days.to)},
             {"dso_count_back", metrics::to_decimal(month.dso_count_back, 4)},
             {"cei", metrics::to_decimal(month.cei, 4)},
             {"cei_write_offs_kept", metrics::to_decimal(month.cei_write_offs_kept, 4)}});
  }
  return Json{{"entity", query.entity},        {"from", to_string(query.from)},
              {"to", to_string(query.to)},     {"currency", entity->base_currency.code()},
              {"figures", std::move(figures)}, {"months", std::move(months)}};
}

}  // namespace arrears::app
