#include "app/customer_story.h"

#include <algorithm>
#include <map>

#include "app/accounts.h"
#include "app/gather.h"
#include "base/checked.h"
#include "base/text.h"

namespace arrears::app {

namespace {

/// One thing that happened.
struct Happening {
  Date on;
  std::optional<Instant> at;
  Json json;
};

/// Collects what happened with one customer.
class Story {
 public:
  Story(Facts& facts, const parties::Entity& entity, Date as_of)
      : facts_(facts), entity_(entity), as_of_(as_of) {}

  void add(const PartyFile& file, const Account& account) {
    add_ledger(account.ledger);
    add_calls(file, account.customer.id);
    add_interactions(account.customer);
    const auto calendar = entity_calendar(facts_, entity_);
    for (const promises::Promise& promise : file.promises)
      if (promise.entity == entity_.id) add(file, promise, calendar);
    for (const HoldRecord& hold : file.holds)
      put(hold.hold.from, {}, "hold", to_string(hold.id), "", {}, {}, "", "", hold.hold.reason);
    for (const strategy::FollowUp& follow_up : file.follow_ups) {
      if (follow_up.entity != entity_.id || !follow_up.closed_on) continue;
      put(*follow_up.closed_on, {}, "follow_up_closed", to_string(follow_up.id), "", {}, {},
          base::name(*follow_up.closing), follow_up.owner, base::name(follow_up.action));
    }
    for (const DueActionRecord& action : file.due_actions) {
      if (action.entity != entity_.id) continue;
      put(action.on, {}, base::name(action.action), "", "", {}, {}, base::name(action.channel), "",
          "");
    }
  }

  boost::json::array rows() {
    std::stable_sort(happenings_.begin(), happenings_.end(),
                     [](const Happening& a, const Happening& b) {
                       return std::pair(a.on, a.at) > std::pair(b.on, b.at);
                     });
    boost::json::array rows;
    for (Happening& happening : happenings_) rows.push_back(std::move(happening.json));
    return rows;
  }

 private:
  void put(Date on, std::optional<Instant> at, std::string_view kind, const std::string& id,
           const std::string& number, std::optional<money::Currency> currency,
           std::optional<std::int64_t> minor, std::string_view state, const std::string& person,
           std::string_view text) {
    if (as_of_ < on) return;
    Json row{{"on", to_string(on)}, {"at", nullptr},       {"kind", kind},     {"id", id},
             {"number", number},    {"currency", nullptr}, {"amount", nullptr}};
    if (at) row["at"] = to_string(*at);
    if (currency) row["currency"] = currency->code();
    if (currency && minor) row["amount"] = money::to_decimal(*minor, *currency);
    row["state"] = state;
    row["person"] = person;
    row["text"] = text;
    happenings_.push_back({on, at, std::move(row)});
  }

  void add_ledger(const receivables::Ledger& ledger) {
    for (const receivables::Document& document : ledger.documents) {
      if (document.cancelled) continue;
      put(document.issued_on, {}, document.amount_minor < 0 ? "credit" : "document",
          to_string(document.id), document.number, document.currency, document.amount_minor,
          base::name(document.kind), "", document.reference);
    }
    for (const receivables::Payment& payment : ledger.payments) {
      if (payment.cancelled) continue;
      put(payment.value_on, {}, payment.reverses ? "payment_returned" : "payment",
          to_string(payment.id), payment.number, payment.currency, payment.amount_minor,
          base::name(payment.kind), payment.payer, payment.reference);
    }
    for (const receivables::DisputeMark& mark : ledger.disputes) {
      const auto* document = receivables::find_document(ledger, mark.document);
      if (!document) continue;
      const auto amount = mark.amount_minor.value_or(document->amount_minor);
      const auto add_mark = [&](Date on, std::string_view kind, std::string_view text) {
        put(on, {}, kind, to_string(mark.id), document->number, document->currency, amount,
            mark.reason_code, mark.owner, text);
      };
      add_mark(mark.from, "dispute", mark.reason);
      if (mark.until) add_mark(*mark.until, "dispute_ended", mark.resolution);
    }
  }

  void add_calls(const PartyFile& file, parties::CustomerId customer) {
    for (const contact::CallEntry& call : file.calls) {
      if (call.entity != entity_.id || (call.customer && call.customer != customer)) continue;
      put(call.business_date, call.started_at, "call", to_string(call.id), "", {}, {},
          base::name(contact::disposition(call)), call.author, call.notes);
    }
  }

  void add_interactions(const parties::Customer& customer) {
    for (const contact::Interaction& one : facts_.interactions(customer.party)) {
      if (one.customer != customer.id) continue;
      put(one.business_date, one.at, base::name(one.channel), to_string(one.id), "", {}, {},
          one.direction ? base::name(*one.direction) : "", one.author, one.text);
    }
  }

  void add(const PartyFile& file, const promises::Promise& promise,
           const calendar::BusinessCalendar& calendar) {
    if (as_of_ < promise.made_on) return;
    const auto standing = judge_promise(facts_, file, promise, calendar, as_of_).standing;
    put(promise.made_on, {}, "promise", to_string(promise.id), promise.number, promise.currency,
        promise.amount_minor, base::name(standing.state), "", "by " + to_string(promise.due_on));
    const auto outcome = [&](Date on, std::string_view kind, std::string_view text) {
      put(on, {}, kind, to_string(promise.id), promise.number, promise.currency,
          standing.paid_minor, base::name(standing.state), "", text);
    };
    switch (standing.state) {
      case promises::PromiseState::open:
        break;
      case promises::PromiseState::kept:
        outcome(std::min(standing.deadline, as_of_), "promise_kept", "");
        break;
      case promises::PromiseState::partly_kept:
        outcome(*standing.broken_since, "promise_partly_kept", "");
        break;
      case promises::PromiseState::broken:
        outcome(*standing.broken_since, "promise_broken", "");
        break;
      case promises::PromiseState::withdrawn:
        for (const promises::PromiseEvent& event : promise.events)
          outcome(event.on, "promise_withdrawn", event.reason);
        break;
    }
  }

  Facts& facts_;
  const parties::Entity& entity_;
  Date as_of_;
  std::vector<Happening> happenings_;
};

struct Month {
  std::int64_t invoiced = 0;
  std::int64_t paid = 0;
  std::int64_t settled_items = 0;
  std::int64_t settled_minor = 0;
  std::int64_t late_day_minors = 0;  ///< days late times amount
};

/// Weighted days late in tenths, as text with one place.
boost::json::value average_days(const Month& month) {
  if (month.settled_minor == 0) return nullptr;
  // Rounding: to zero, which the field's comment says.
  const std::int64_t tenths = base::checked_mul(month.late_day_minors, 10) / month.settled_minor;
  const std::int64_t size = tenths < 0 ? -tenths : tenths;
  return boost::json::string((tenths < 0 ? "-" : "") + std::to_string(size / 10) + "." +
                             std::to_string(size % 10));
}

}  // namespace

Result<boost::json::array> customer_timeline(Facts& facts, std::string_view entity_code,
                                             std::string_view customer, Date as_of) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  const auto found = find_customer(facts, *entity, customer);
  if (!found) return found.error();
  const auto file = facts.party_file(found->party, Detail::everything);
  ARREARS_REQUIRE(file.has_value());
  Story story(facts, *entity, as_of);
  story.add(*file, account_of(*file, found->customer));
  return story.rows();
}

Result<boost::json::array> customer_behaviour(Facts& facts, std::string_view entity_code,
                                              std::string_view customer, Date as_of, int months) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  const auto found = find_customer(facts, *entity, customer);
  if (!found) return found.error();
  const auto file = facts.party_file(found->party, Detail::receivables);
  ARREARS_REQUIRE(file.has_value());
  const receivables::Ledger& ledger = account_of(*file, found->customer).ledger;
  const Date first = calendar::add_months(calendar::first_of_month(as_of), 1 - months);
  const auto counts = [&](Date day) { return first <= day && day <= as_of; };
  std::map<money::Currency, std::map<Date, Month>> rows;
  for (const receivables::Document& document : ledger.documents) {
    if (document.cancelled || document.amount_minor <= 0) continue;
    auto& currency = rows[document.currency];
    if (counts(document.issued_on))
      currency[calendar::first_of_month(document.issued_on)].invoiced += document.amount_minor;
    for (const receivables::Instalment& instalment : document.instalments) {
      const auto on = receivables::settled_on(ledger, document.id, instalment.number, as_of);
      if (!on || !counts(*on)) continue;
      Month& month = currency[calendar::first_of_month(*on)];
      ++month.settled_items;
      month.settled_minor += instalment.amount_minor;
      month.late_day_minors =
          base::checked_add(month.late_day_minors,
                            base::checked_mul(instalment.amount_minor, *on - instalment.due_on));
    }
  }
  for (const receivables::Payment& payment : ledger.payments)
    if (!payment.cancelled && counts(payment.value_on))
      rows[payment.currency][calendar::first_of_month(payment.value_on)].paid +=
          payment.amount_minor;
  boost::json::array list;
  for (auto& [currency, by_month] : rows) {
    for (Date month = first; month <= as_of; month = calendar::add_months(month, 1)) {
      const Month& sums = by_month[month];
      list.push_back(Json{{"month", to_string(month).substr(0, 7)},
                          {"currency", currency.code()},
                          {"invoiced", money::to_decimal(sums.invoiced, currency)},
                          {"paid", money::to_decimal(sums.paid, currency)},
                          {"settled_items", sums.settled_items},
                          {"average_days_late", average_days(sums)}});
    }
  }
  return list;
}

namespace {

/// The customer of a thing that bears a number.
struct Bearer {
  std::string number;
  std::string name;
};
std::optional<Bearer> bearer_of(Facts& facts, const parties::Entity& entity, parties::PartyId party,
                                parties::CustomerId customer) {
  const auto file = facts.party_file(party, Detail::identity);
  if (!file) return {};
  for (const Account& account : file->accounts) {
    if (account.customer.entity != entity.id) continue;
    if (!customer || account.customer.id == customer)
      return Bearer{account.customer.number, file->party.name};
  }
  return {};
}

void add_numbers(Facts& facts, const parties::Entity& entity, const SearchQuery& query,
                 boost::json::array& rows) {
  static constexpr std::pair<NumberKind, std::string_view> kinds[] = {
      {NumberKind::customer, "customer"},
      {NumberKind::document, "document"},
      {NumberKind::payment, "payment"},
      {NumberKind::promise, "promise"}};
  for (const auto& [kind, word] : kinds) {
    for (const NumberedThing& thing : facts.find_similar(entity.id, kind, query.text)) {
      parties::CustomerId customer;
      parties::PartyId party{thing.owner};
      if (kind == NumberKind::customer) customer = parties::CustomerId{thing.subject};
      if (kind == NumberKind::document || kind == NumberKind::payment) {
        customer = parties::CustomerId{thing.owner};
        const auto owner = facts.party_of(customer);
        if (!owner) continue;
        party = *owner;
      }
      const auto bearer = bearer_of(facts, entity, party, customer);
      if (!bearer || rows.size() >= query.limit) continue;
      rows.push_back(Json{{"kind", word},
                          {"entity", entity.code},
                          {"customer", bearer->number},
                          {"number", thing.number},
                          {"name", bearer->name}});
    }
  }
}

}  // namespace

boost::json::array search(Facts& facts, const SearchQuery& query) {
  boost::json::array rows;
  if (query.text.size() < 2) return rows;
  std::map<parties::EntityId, std::string> codes;
  for (const parties::Entity& entity : facts.entities()) {
    codes[entity.id] = entity.code;
    add_numbers(facts, entity, query, rows);
  }
  const std::string pattern = "*" + query.text + "*";
  std::map<std::pair<std::string, std::string>, Json> named;
  facts.each_party({}, Detail::identity, [&](const PartyFile& file) {
    const bool by_name = base::matches_pattern(pattern, file.party.name);
    for (const Account& account : file.accounts) {
      const auto code = codes.find(account.customer.entity);
      if (code == codes.end()) continue;
      if (!by_name && !base::matches_pattern(pattern, account.customer.number)) continue;
      named[{file.party.name, code->second + account.customer.number}] =
          Json{{"kind", "customer"},
               {"entity", code->second},
               {"customer", account.customer.number},
               {"number", account.customer.number},
               {"name", file.party.name}};
    }
  });
  for (auto& [key, row] : named) {
    if (rows.size() >= query.limit) break;
    if (std::find(rows.begin(), rows.end(), boost::json::value(row)) == rows.end())
      rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace arrears::app
