#include "adapters/storage/fact_reader.h"

#include <algorithm>
#include <map>
#include <set>

#include "adapters/storage/account_loader.h"
#include "adapters/storage/fact_writer.h"
#include "adapters/storage/ledger_rows.h"
#include "adapters/storage/number_index.h"
#include "adapters/storage/party_loader.h"

namespace arrears::storage {

namespace {

template <class Key, class T>
std::vector<T> values_of(std::map<Key, T> map) {
  std::vector<T> values;
  for (auto& [key, value] : map) values.push_back(std::move(value));
  return values;
}

}  // namespace

std::vector<parties::Entity> FactReader::entities() {
  std::map<std::string, parties::Entity> by_code;
  FactScan(snapshot_).all_rows(facts::entity, [&](FactRow& row) {
    parties::Entity entity;
    row.skip();
    entity.id = row.id<parties::EntityId>();
    row.skip(2);
    entity.code = row.text();
    entity.name = row.text();
    entity.base_currency = row.currency();
    entity.time_zone = row.text();
    entity.calendar = row.text();
    entity.promise_tolerance_days = row.small();
    by_code[entity.code] = entity;
  });
  return values_of(std::move(by_code));
}

std::vector<app::CalendarDay> FactReader::calendar_days(parties::EntityId entity) {
  std::map<calendar::Date, app::CalendarDay> days;
  FactScan(snapshot_).rows(facts::calendar_day, entity.part(), entity.value, [&](FactRow& row) {
    app::CalendarDay day;
    row.skip();
    day.entity = row.id<parties::EntityId>();
    day.day = row.date();
    row.skip(2);
    day.is_holiday = row.flag();
    day.name = row.text();
    days[day.day] = day;
  });
  return values_of(std::move(days));
}

std::vector<money::Rate> FactReader::rates() {
  std::map<std::tuple<std::string, std::string, calendar::Date>, money::Rate> rates;
  FactScan(snapshot_).all_rows(facts::rate, [&](FactRow& row) {
    money::Rate rate;
    row.skip();
    rate.base = row.currency();
    rate.quote = row.currency();
    rate.on = row.date();
    row.skip(2);
    rate.scaled = row.integer();
    rates[{std::string(rate.base.code()), std::string(rate.quote.code()), rate.on}] = rate;
  });
  return values_of(std::move(rates));
}

std::vector<contact::DelayReason> FactReader::delay_reasons() {
  std::map<std::string, contact::DelayReason> reasons;
  FactScan(snapshot_).all_rows(facts::delay_reason, [&](FactRow& row) {
    contact::DelayReason reason;
    row.skip();
    reason.code = row.text();
    row.skip(2);
    reason.label = row.text();
    reason.retired_on = row.maybe_date();
    reasons[reason.code] = reason;
  });
  return values_of(std::move(reasons));
}

std::vector<strategy::Book> FactReader::books(parties::EntityId entity) {
  std::map<strategy::BookId, strategy::Book> books;
  FactScan(snapshot_).rows(facts::book, entity.part(), 0, [&](FactRow& row) {
    strategy::Book book;
    row.skip();
    book.id = row.id<strategy::BookId>();
    row.skip(2);
    book.entity = row.id<parties::EntityId>();
    book.name = row.text();
    book.collector = row.text();
    book.manager = row.text();
    book.priority = row.small();
    book.rule.numbers = split_list(row.text());
    book.rule.number_patterns = split_list(row.text());
    book.rule.countries = split_list(row.text());
    book.rule.segments = split_list(row.text());
    book.valid_from = row.date();
    book.until = row.maybe_date();
    if (book.entity == entity) books[book.id] = book;
  });
  return values_of(std::move(books));
}

std::optional<app::StrategySettings> FactReader::strategy_settings(parties::EntityId entity) {
  std::optional<app::StrategySettings> newest;
  FactScan(snapshot_).rows(facts::strategy, entity.part(), entity.value, [&](FactRow& row) {
    app::StrategySettings settings;
    row.skip();
    settings.entity = row.id<parties::EntityId>();
    settings.version = row.small();
    row.skip();
    settings.small_balance_minor = row.integer();
    settings.quiet_days = row.small();
    settings.escalation_owner = row.text();
    newest = settings;
  });
  return newest;
}

std::optional<app::NumberedThing> FactReader::find_number(parties::EntityId entity,
                                                          app::NumberKind kind,
                                                          std::string_view number) {
  for (const app::NumberedThing& thing : find_similar(entity, kind, number)) {
    if (thing.number == number) return thing;
  }
  return std::nullopt;
}

std::vector<app::NumberedThing> FactReader::find_similar(parties::EntityId entity,
                                                         app::NumberKind kind,
                                                         std::string_view number) {
  auto things = storage::find_similar(snapshot_.connection, entity, kind, {&number, 1}).front();
  std::erase_if(things, [&](const app::NumberedThing& thing) { return !is_visible(kind, thing); });
  return things;
}

/// Whether the bearer of a number was known at the view's instant: the index has no times.
bool FactReader::is_visible(app::NumberKind kind, const app::NumberedThing& thing) {
  if (view_.sees_everything()) return true;
  const auto part = base::Id<struct AnyTag>{thing.subject}.part();
  bool seen = false;
  const auto look = [&](const FactTable& table, const std::string& condition,
                        const auto&... values) {
    FactScan(snapshot_).run(
        table, " WHERE part = :part AND " + condition, [&](FactRow&) { seen = true; }, part,
        values...);
  };
  switch (kind) {
    case app::NumberKind::customer:
      look(facts::customer, "customer_id = :subject", thing.subject);
      break;
    case app::NumberKind::party:
      look(facts::party, "party_id = :subject", thing.subject);
      break;
    case app::NumberKind::document:
      look(facts::document, "customer_id = :owner AND document_id = :subject", thing.owner,
           thing.subject);
      break;
    case app::NumberKind::payment:
      look(facts::payment, "customer_id = :owner AND payment_id = :subject", thing.owner,
           thing.subject);
      break;
    case app::NumberKind::promise:
      look(facts::promise, "party_id = :owner AND promise_id = :subject", thing.owner,
           thing.subject);
      break;
  }
  return seen;
}

bool FactReader::has_contacts() {
  if (view_.sees_everything())
    return snapshot_.connection.query("SELECT part FROM contact LIMIT 1").next();
  Query rows = snapshot_.connection.query("SELECT part, entry_id FROM contact -- wide");
  while (rows.next()) {
    if (view_.visible(static_cast<base::Part>(rows.int64_at(0)), rows.int64_at(1))) return true;
  }
  return false;
}

std::optional<parties::PartyId> FactReader::party_of(parties::CustomerId customer) {
  std::optional<parties::PartyId> party;
  FactScan(snapshot_).rows(facts::customer, customer.part(), customer.value, [&](FactRow& row) {
    row.skip(5);
    party = row.id<parties::PartyId>();
  });
  return party;
}

std::optional<parties::CustomerId> FactReader::customer_of_allocation(
    receivables::AllocationId allocation) {
  std::optional<parties::CustomerId> customer;
  const auto read = [&](FactRow& row) {
    row.skip();
    customer = row.id<parties::CustomerId>();
  };
  FactScan(snapshot_).run(facts::allocation, " WHERE part = :part AND allocation_id = :id", read,
                          allocation.part(), allocation.value);
  return customer;
}

std::optional<parties::PartyId> FactReader::party_of_call(contact::CallId call) {
  std::optional<parties::PartyId> party;
  const auto read = [&](FactRow& row) {
    row.skip();
    party = row.id<parties::PartyId>();
  };
  FactScan(snapshot_).run(facts::call, " WHERE part = :part AND call_id = :id", read, call.part(),
                          call.value);
  return party;
}

void FactReader::each_call(const std::function<void(const contact::CallEntry&)>& each) {
  for (base::Part part = 0; part < base::part_count; ++part) {
    const auto versions = read_calls(snapshot_, FactScan(snapshot_), part, Owners(), 0);
    for (std::size_t i = 0; i < versions.size(); ++i) {
      const bool newest = i + 1 == versions.size() || versions[i + 1].id != versions[i].id;
      if (newest) each(versions[i]);
    }
  }
}

std::optional<app::PartyFile> FactReader::party_file(parties::PartyId party, app::Detail detail) {
  if (!party) return std::nullopt;
  return PartyLoader(snapshot_, party.part(), detail).load(party);
}

void FactReader::party_files(std::span<const parties::PartyId> parties, app::Detail detail,
                             const std::function<void(app::PartyFile&)>& each) {
  for (; !parties.empty(); parties = parties.subspan(std::min(parties.size(), most_owners))) {
    const auto asked = parties.first(std::min(parties.size(), most_owners));
    for (app::PartyFile& file : PartyLoader(snapshot_, asked[0].part(), detail).load(asked))
      each(file);
  }
}

std::optional<receivables::Document> FactReader::document(parties::CustomerId customer,
                                                          receivables::DocumentId document) {
  return read_document(snapshot_, customer, document);
}

std::optional<receivables::Payment> FactReader::payment(parties::CustomerId customer,
                                                        receivables::PaymentId payment) {
  const auto party = party_of(customer);
  if (!party) return std::nullopt;
  return read_payment(snapshot_, customer, *party, payment);
}

std::vector<parties::PartyId> FactReader::parties_with_follow_ups(parties::EntityId entity,
                                                                  calendar::Date as_of) {
  std::map<std::int64_t, parties::PartyId> open;  // by follow-up: the last version decides
  FactScan(snapshot_).all_rows(facts::follow_up, [&](FactRow& row) {
    row.skip();
    const auto party = row.id<parties::PartyId>();
    const std::int64_t follow_up = row.integer();
    row.skip(2);
    if (row.id<parties::EntityId>() != entity) return;
    row.skip(7);
    const auto closed_on = row.maybe_date();
    if (closed_on && *closed_on <= as_of) {
      open.erase(follow_up);
    } else {
      open[follow_up] = party;
    }
  });
  std::set<parties::PartyId> parties;
  for (const auto& [follow_up, party] : open) parties.insert(party);
  return {parties.begin(), parties.end()};
}

void FactReader::each_party(app::PartRange range, app::Detail detail,
                            const std::function<void(app::PartyFile&)>& each) {
  for (base::Part part = range.first; part <= range.last; ++part) {
    for (app::PartyFile& file : PartyLoader(snapshot_, part, detail).load_all()) each(file);
  }
}

void FactReader::each_account(std::span<const parties::CustomerId> customers, app::Payers payers,
                              const std::function<void(app::Account&)>& each) {
  storage::each_account(snapshot_, customers, payers, each);
}

std::vector<parties::GroupEdge> FactReader::group_edges() {
  std::map<std::pair<parties::PartyId, calendar::Date>, parties::GroupEdge> edges;
  FactScan(snapshot_).all_rows(facts::group_edge, [&](FactRow& row) {
    parties::GroupEdge edge;
    row.skip();
    edge.child = row.id<parties::PartyId>();
    edge.from = row.date();
    row.skip(2);
    edge.parent = row.id<parties::PartyId>();
    edge.until = row.maybe_date();
    edges[{edge.child, edge.from}] = edge;
  });
  return values_of(std::move(edges));
}

std::vector<std::optional<parties::Party>> FactReader::party_records(
    std::span<const parties::PartyId> ids) {
  std::vector<std::optional<parties::Party>> records(ids.size());
  const auto bind = [&](std::size_t n, Statement& statement) {
    statement.bind(0, ids[n].part());
    statement.bind(1, ids[n].value);
  };
  const auto take = [&](std::size_t n, Statement& statement) {
    if (!view_.visible(ids[n].part(), statement.int64_at(facts::party.entry_column()))) return;
    FactRow row(statement, 1);
    records[n] = read_party(snapshot_, row);
  };
  snapshot_.connection.query_many(
      select_in_order(facts::party, FactScan::of_owners(facts::party, 1)), ids.size(), bind, take);
  return records;
}

portfolio::Ordinal FactReader::ordinal() const {
  if (view_.sees_everything()) return portfolio::latest;
  return static_cast<portfolio::Ordinal>(view_.checkpoint());
}

std::vector<app::RunRecord> FactReader::runs(parties::EntityId entity) {
  std::vector<app::RunRecord> runs;
  FactScan(snapshot_).rows(facts::run, entity.part(), 0, [&](FactRow& row) {
    app::RunRecord run;
    row.skip();
    run.id = row.integer();
    row.skip();
    run.entity = row.id<parties::EntityId>();
    run.business_date = row.date();
    run.ran_at = {row.integer()};
    run.strategy_version = row.small();
    run.summary = row.text();
    if (run.entity == entity) runs.push_back(std::move(run));
  });
  std::stable_sort(runs.begin(), runs.end(), [](const app::RunRecord& a, const app::RunRecord& b) {
    return a.business_date < b.business_date;
  });
  return runs;
}

namespace {

app::FrozenEntry read_frozen_entry(FactRow& row) {
  app::FrozenEntry line;
  row.skip(2);
  line.collector = row.text();
  line.position = row.small();
  row.skip();
  line.party = row.id<parties::PartyId>();
  line.entry = row.text();
  return line;
}

}  // namespace

std::vector<app::FrozenEntry> FactReader::frozen_worklist(std::int64_t run) {
  std::vector<app::FrozenEntry> lines;
  const auto part = base::Id<struct RunTag>{run}.part();
  FactScan(snapshot_).rows(facts::worklist_entry, part, run,
                           [&](FactRow& row) { lines.push_back(read_frozen_entry(row)); });
  return lines;
}

std::vector<app::FrozenList> FactReader::frozen_lists(std::int64_t run) {
  std::vector<app::FrozenList> lists;
  const auto part = base::Id<struct RunTag>{run}.part();
  // Positions begin with 1 and have no gaps; a run's lines are recorded together.
  Query rows = snapshot_.connection.query(
      "SELECT collector, max(position), min(entry_id) FROM worklist_entry WHERE part = :part AND "
      "run_id = :run GROUP BY collector ORDER BY collector",
      part, run);
  while (rows.next()) {
    if (!snapshot_.view.visible(part, rows.int64_at(2))) continue;
    lists.push_back({std::string(rows.text_at(0)), static_cast<int>(rows.int64_at(1))});
  }
  return lists;
}

std::vector<app::FrozenEntry> FactReader::frozen_lines(std::int64_t run, std::string_view collector,
                                                       int after, std::size_t limit) {
  std::vector<app::FrozenEntry> lines;
  const auto part = base::Id<struct RunTag>{run}.part();
  const std::int64_t last = after + static_cast<std::int64_t>(limit);
  FactScan(snapshot_).run(
      facts::worklist_entry,
      " WHERE part = :part AND run_id = :run AND collector = :collector AND position > :after AND "
      "position <= :last",
      [&](FactRow& row) { lines.push_back(read_frozen_entry(row)); }, part, run, collector, after,
      last);
  return lines;
}

std::vector<contact::CallEntry> FactReader::call_versions(parties::PartyId party,
                                                          contact::CallId call) {
  return read_calls(snapshot_, FactScan(snapshot_), party.part(), Owners(&party.value, 1),
                    call.value);
}

std::optional<std::string> FactReader::import_profile(std::string_view name) {
  std::optional<std::string> options;
  FactScan(snapshot_).run(
      facts::import_profile, " WHERE name = :name",
      [&](FactRow& row) {
        row.skip(5);
        options = row.text();
      },
      name);
  return options;
}

std::vector<std::string> FactReader::import_profile_names() {
  std::map<std::string, std::string> names;
  FactScan(snapshot_).all_rows(facts::import_profile, [&](FactRow& row) {
    row.skip();
    const std::string name = row.text();
    names[name] = name;
  });
  return values_of(std::move(names));
}

}  // namespace arrears::storage
