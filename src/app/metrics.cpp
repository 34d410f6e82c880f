#include "app/metrics.h"

#include "domain/metrics/book_figures.h"
#include "domain/metrics/targets.h"

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
    for (const promises::Promise& promise : file.promises) add(file, promise);
    for (const contact::CallEntry& call : file.calls) add(call);
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

  const metrics::BookHistory& history() const { return history_; }

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

}  // namespace

Result<Json> metrics_report(Facts& facts, const MetricsQuery& query) {
  const auto entity = find_entity(facts, query.entity);
  if (!entity) return entity.error();
  if (const auto fine = check_period(query); !fine) return fine.error();
  const EntityContext context = gather_entity(facts, *entity, query.to);
  Collection collection(facts, query, context);
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
