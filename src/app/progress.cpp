#include "app/progress.h"

#include <map>
#include <set>

#include "app/gather.h"
#include "app/worklist_page.h"

namespace arrears::app {

namespace {

using Amounts = std::map<money::Currency, std::int64_t>;

boost::json::array amounts_json(const Amounts& amounts) {
  boost::json::array rows;
  for (const auto& [currency, minor] : amounts)
    rows.push_back(
        Json{{"currency", currency.code()}, {"amount", money::to_decimal(minor, currency)}});
  return rows;
}

bool is_right_party(const contact::CallEntry& call) {
  return contact::disposition(call) == contact::Disposition::right_party_reached;
}

/// The parties on the frozen lists of the day; nothing where it has not run.
std::optional<std::set<parties::PartyId>> listed_parties(Facts& facts,
                                                         const parties::Entity& entity, Date day,
                                                         std::string_view collector) {
  const auto run = run_of_day(facts, entity.id, day);
  if (!run) return {};
  std::set<parties::PartyId> listed;
  for (const FrozenEntry& line : facts.frozen_worklist(run->id))
    if (collector.empty() || line.collector == collector) listed.insert(line.party);
  return listed;
}

}  // namespace

Result<Json> day_progress(Facts& facts, const Visibility& visibility, std::string_view entity_code,
                          Date day, std::string_view collector) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  if (!collector.empty() && !visibility.sees_books_of(collector)) {
    return base::refuse(RunRefusal::collector_unknown,
                        "Entity " + entity->code + " has no collector " + std::string(collector));
  }
  const auto listed = listed_parties(facts, *entity, day, collector);
  std::int64_t calls = 0;
  std::int64_t right_party = 0;
  std::set<parties::PartyId> called;
  std::set<parties::PartyId> worked_on;
  facts.each_call([&](const contact::CallEntry& call) {
    if (call.entity != entity->id || call.business_date != day) return;
    if (listed && listed->contains(call.party)) worked_on.insert(call.party);
    if (!collector.empty() && call.author != collector) return;
    ++calls;
    if (is_right_party(call)) ++right_party;
    called.insert(call.party);
  });
  std::int64_t promises = 0;
  Amounts promised;
  for (const parties::PartyId party : called) {
    const auto file = facts.party_file(party, Detail::everything);
    if (!file) continue;
    for (const promises::Promise& promise : file->promises) {
      if (promise.entity != entity->id || promise.made_on != day) continue;
      ++promises;
      promised[promise.currency] += promise.amount_minor;
    }
  }
  boost::json::value parties;
  boost::json::value worked;
  if (listed) {
    parties = static_cast<std::int64_t>(listed->size());
    worked = static_cast<std::int64_t>(worked_on.size());
  }
  boost::json::value asked;
  if (!collector.empty()) asked = boost::json::string(collector);
  return Json{{"entity", entity->code},
              {"as_of", to_string(day)},
              {"collector", std::move(asked)},
              {"parties", std::move(parties)},
              {"worked", std::move(worked)},
              {"calls", calls},
              {"right_party_contacts", right_party},
              {"promises", promises},
              {"promised", amounts_json(promised)}};
}

namespace {

struct Work {
  std::int64_t calls = 0;
  std::int64_t right_party = 0;
  std::array<std::int64_t, base::name_count<promises::PromiseState>> states{};
  std::int64_t promises = 0;
  Amounts promised;
  Amounts collected;
};

/// What the collectors of an entity did, party by party.
class TeamReport {
 public:
  TeamReport(Facts& facts, const parties::Entity& entity, Date from, Date to)
      : facts_(facts),
        entity_(entity),
        from_(from),
        to_(to),
        books_(facts.books(entity.id)),
        calendar_(entity_calendar(facts, entity)) {}

  void add(const PartyFile& file) {
    std::string owner;
    for (const Account& account : file.accounts) {
      if (account.customer.entity != entity_.id) continue;
      owner = strategy::collector_of(account.customer, file.party, books_, to_);
      for (const receivables::Payment& payment : account.ledger.payments) {
        if (payment.cancelled || payment.kind == receivables::PaymentKind::inferred_closure)
          continue;
        if (in_period(payment.value_on)) {
          work_[owner].collected[payment.currency] += payment.amount_minor;
        }
      }
    }
    for (const contact::CallEntry& call : file.calls) {
      if (call.entity != entity_.id || !in_period(call.business_date)) continue;
      Work& work = work_[call.author];
      ++work.calls;
      if (is_right_party(call)) ++work.right_party;
    }
    for (const promises::Promise& promise : file.promises)
      if (promise.entity == entity_.id && in_period(promise.made_on)) add(file, promise, owner);
  }

  boost::json::array rows() const {
    boost::json::array rows;
    for (const auto& [collector, work] : work_) {
      const auto state = [&](promises::PromiseState one) {
        return work.states[static_cast<std::size_t>(one)];
      };
      rows.push_back(Json{{"collector", collector},
                          {"calls", work.calls},
                          {"right_party_contacts", work.right_party},
                          {"right_party_rate_percent", percent(work.right_party, work.calls)},
                          {"promises", work.promises},
                          {"kept", state(promises::PromiseState::kept)},
                          {"partly_kept", state(promises::PromiseState::partly_kept)},
                          {"broken", state(promises::PromiseState::broken)},
                          {"open", state(promises::PromiseState::open)},
                          {"promised", amounts_json(work.promised)},
                          {"collected", amounts_json(work.collected)}});
    }
    return rows;
  }

 private:
  bool in_period(Date day) const { return from_ <= day && day <= to_; }

  void add(const PartyFile& file, const promises::Promise& promise, const std::string& owner) {
    std::string author = owner;
    for (const contact::CallEntry& call : file.calls)
      if (call.id.value == promise.call) author = call.author;
    Work& work = work_[author];
    const auto judged = judge_promise(facts_, file, promise, calendar_, to_);
    ++work.promises;
    ++work.states[static_cast<std::size_t>(judged.standing.state)];
    work.promised[promise.currency] += promise.amount_minor;
  }

  /// With two places, rounded down; null of nothing.
  static boost::json::value percent(std::int64_t part, std::int64_t whole) {
    if (whole == 0) return nullptr;
    const std::int64_t basis_points = part * 10'000 / whole;
    const std::int64_t rest = basis_points % 100;
    return boost::json::string(std::to_string(basis_points / 100) + (rest < 10 ? ".0" : ".") +
                               std::to_string(rest));
  }

  Facts& facts_;
  const parties::Entity& entity_;
  Date from_;
  Date to_;
  std::vector<strategy::Book> books_;
  calendar::BusinessCalendar calendar_;
  std::map<std::string, Work> work_;
};

}  // namespace

Result<Json> team_report(Facts& facts, std::string_view entity_code, Date from, Date to) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  TeamReport report(facts, *entity, from, to);
  // Other files of a group are asked for while a party is judged: the parties come part by part.
  facts.each_party({}, Detail::everything, [&](const PartyFile& file) { report.add(file); });
  return Json{{"entity", entity->code},
              {"from", to_string(from)},
              {"to", to_string(to)},
              {"collectors", report.rows()}};
}

}  // namespace arrears::app
