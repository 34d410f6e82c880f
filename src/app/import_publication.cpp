#include "app/import_publication.h"

#include <algorithm>

#include "app/gather.h"

namespace arrears::app {

namespace {

constexpr std::int64_t duplicates_listed_max = 100;
/// A batch of so many rows goes to most parts: they are locked at once.
constexpr std::size_t rows_everywhere = 1000;

Json bulk_payload(const ImportPlan& plan, const ImportReport& report) {
  return {{"import_id", std::to_string(report.import_id)},
          {"entity", plan.request.entity},
          {"kind", base::name(plan.request.kind)},
          {"file", plan.request.file_name}};
}

template <class Row>
void put_row(std::vector<Row>& rows, const Row& row) {
  const auto at = std::ranges::lower_bound(rows, row.id, {}, &Row::id);
  if (at != rows.end() && at->id == row.id) {
    *at = row;
  } else {
    rows.insert(at, row);
  }
}

}  // namespace

int ImportPlan::place(std::string_view field) const {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (columns[i].field == field) return static_cast<int>(i);
  return -1;
}

CustomerDesk::Place CustomerDesk::place(std::string_view number) {
  if (const auto known = places_.find(number); known != places_.end()) return known->second;
  const auto place = static_cast<Place>(known_.size());
  new_.push_back(places_.emplace(number, place).first->first);
  known_.emplace_back();
  return place;
}

void CustomerDesk::look_up() {
  if (new_.empty()) return;
  const auto found = facts_.find_all_similar(entity_.id, NumberKind::customer, new_);
  const std::size_t first = known_.size() - new_.size();
  for (std::size_t i = 0; i < new_.size(); ++i) {
    for (const NumberedThing& thing : found[i]) {
      if (thing.number == new_[i]) known_[first + i] = CustomerRef{{thing.subject}, {thing.owner}};
    }
  }
  new_.clear();
}

void CustomerDesk::want(Place place, std::string_view number, std::string_view name) {
  known_[place] = CustomerRef{};
  wanted_.push_back({std::string(number), std::string(name), {}});
  wanted_places_.push_back(place);
}

std::vector<std::string> CustomerDesk::add_stubs() {
  std::vector<std::string> numbers;
  if (wanted_.empty()) return numbers;
  add_stub_customers(facts_, recorder_, entity_, wanted_);
  for (std::size_t i = 0; i < wanted_.size(); ++i) {
    known_[wanted_places_[i]] = wanted_[i].ref;
    numbers.push_back(std::move(wanted_[i].number));
  }
  wanted_.clear();
  wanted_places_.clear();
  return numbers;
}

receivables::Ledger& WorkingLedger::of(CustomerRef customer) {
  if (customer_ == customer.customer) return ledger_;
  auto file = facts_.party_file(customer.party, Detail::receivables);
  ARREARS_REQUIRE(file.has_value());
  for (Account& account : file->accounts) {
    if (account.customer.id != customer.customer) continue;
    ledger_ = std::move(account.ledger);
    customer_ = customer.customer;
    return ledger_;
  }
  base::fail_requirement("the customer belongs to the party", std::source_location::current());
}

void put(receivables::Ledger& ledger, const receivables::Document& document) {
  put_row(ledger.documents, document);
}

void put(receivables::Ledger& ledger, const receivables::Payment& payment) {
  put_row(ledger.payments, payment);
}

Publication::Publication(Transaction& transaction, const parties::Entity& the_entity,
                         const ImportPlan& the_plan, ImportReport& the_report, RejectFile* rejects,
                         Date the_day)
    : facts(transaction),
      entity(the_entity),
      plan(the_plan),
      report(the_report),
      recorder(transaction, bulk_payload(the_plan, the_report)),
      ledger(transaction),
      today(the_day),
      rejects_(rejects),
      customers_(transaction, recorder, the_entity),
      reason_("import " + the_plan.request.file_name) {}

Entry& Publication::entry(Part part, EntryKind kind) {
  static const Json no_payload;  // a bulk recorder writes its own
  return recorder.entry(part, kind, no_payload, {});
}

std::vector<CustomerDesk::Place> Publication::begin_batch(
    const std::vector<std::string_view>& customers) {
  if (customers.size() >= rows_everywhere && !all_locked_) {
    facts.lock(PartRange{});
    all_locked_ = true;
  }
  std::vector<CustomerDesk::Place> places;
  places.reserve(customers.size());
  for (const std::string_view number : customers) places.push_back(customers_.place(number));
  customers_.look_up();
  return places;
}

bool Publication::take_customer(CustomerDesk::Place place, std::string_view number,
                                std::string_view name, RowReader& row) {
  if (customers_.has(place)) return true;
  if (plan.request.options.strict) {
    row.fail(ImportRefusal::customer_unknown, plan.place("customer"),
             "Entity " + entity.code + " has no customer " + std::string(number));
    return false;
  }
  customers_.want(place, number, name);
  return true;
}

CustomerRef Publication::customer(std::string_view number) {
  const CustomerRef customer = customers_.get(customers_.place(number));
  ARREARS_REQUIRE(bool(customer.customer));
  return customer;
}

void Publication::take_unidentified() {
  ++report.unidentified;
  const CustomerDesk::Place place = customers_.place(unidentified_number);
  customers_.look_up();
  if (!customers_.has(place)) customers_.want(place, unidentified_number, "Unidentified payments");
}

void Publication::add_stubs() {
  const std::vector<std::string> numbers = customers_.add_stubs();
  report.stubs += static_cast<std::int64_t>(numbers.size());
  look_for_duplicates(numbers);
}

void Publication::look_for_duplicates(const std::vector<std::string>& numbers) {
  if (numbers.empty()) return;
  const auto similar =
      facts.find_all_similar(entity.id, NumberKind::customer,
                             std::vector<std::string_view>(numbers.begin(), numbers.end()));
  // Of two new customers that read alike only the second is told of.
  std::unordered_set<std::string_view> later(numbers.begin(), numbers.end());
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    later.erase(numbers[i]);
    for (const NumberedThing& other : similar[i]) {
      if (other.number == numbers[i] || later.contains(other.number)) continue;
      if (++duplicates_ > duplicates_listed_max) return;
      warn("Customer " + numbers[i] + " may be the known customer " + other.number +
           ": their numbers read alike.");
    }
  }
}

void Publication::count_amount(money::Currency currency, std::int64_t minor) {
  std::int64_t& sum = report.totals[currency].file_minor;
  sum = base::checked_add(sum, minor);
}

void Publication::count_added(money::Currency currency, std::int64_t minor) {
  std::int64_t& sum = report.totals[currency].added_minor;
  sum = base::checked_add(sum, minor);
}

void Publication::count(Change change) {
  switch (change) {
    case Change::added:
      ++report.added;
      break;
    case Change::changed:
      ++report.changed;
      break;
    case Change::unchanged:
      ++report.unchanged;
      break;
  }
}

void Publication::reject(std::int64_t line, const std::vector<ImportProblem>& problems) {
  ++report.rejected;
  std::string text;
  for (const ImportProblem& problem : problems) {
    ++report.problem_count;
    if (report.problems.size() < ImportReport::problems_max) report.problems.push_back(problem);
    if (!text.empty()) text += "; ";
    text += problem.code + ": " + problem.message;
  }
  if (rejects_) rejected_.push_back({line, std::move(text)});
}

void Publication::reject(const RowReader& row, const Refusal& refusal) {
  reject(row.line(), {{row.line(), "", "", refusal.code, refusal.message}});
}

void Publication::write(CustomerRef customer, const receivables::Document& document,
                        EntryKind kind) {
  entry(customer.customer.part(), kind)
      .add(customer.customer, document, document.version > 1 ? std::string_view(reason_) : "");
}

void Publication::write(CustomerRef customer, const receivables::Payment& payment, EntryKind kind) {
  entry(customer.customer.part(), kind)
      .add(customer.customer, customer.party, payment,
           payment.version > 1 ? std::string_view(reason_) : "");
}

void Publication::write(CustomerRef customer, receivables::Allocation& row, EntryKind kind) {
  row.id = facts.ids().make<receivables::AllocationTag>(customer.customer.part());
  entry(customer.customer.part(), kind).add(customer.customer, row);
  if (!row.reverses) ++report.allocations;
}

void Publication::revise_touched() {
  if (touched_.empty()) return;
  for (const parties::PartyId party : facts.parties_with_follow_ups(entity.id, today)) {
    if (!touched_.contains(party)) continue;
    report.follow_ups_closed += revise_follow_ups(facts, party, entity, today).closed;
  }
}

void Publication::end_parts() {
  recorder.next_chunk();
  facts.close_entries();
}

void Publication::end_batch() {
  end_parts();
  std::ranges::sort(rejected_);
  for (const auto& [line, text] : rejected_) rejects_->add(line, text);
  rejected_.clear();
}

void Publication::warn(std::string warning) { report.warnings.push_back(std::move(warning)); }

std::unique_ptr<KindImport> make_kind_import(Publication& publication) {
  switch (publication.plan.request.kind) {
    case ImportKind::customers:
      return make_customer_import(publication);
    case ImportKind::contacts:
      return make_contact_import(publication);
    case ImportKind::invoices:
      return make_document_import(publication);
    case ImportKind::payments:
      return make_payment_import(publication);
    case ImportKind::allocations:
      return make_allocation_import(publication);
    case ImportKind::open_items:
      return make_snapshot_import(publication);
    case ImportKind::rates:
      return make_rate_import(publication);
  }
  return {};
}

}  // namespace arrears::app
