#include <algorithm>
#include <map>
#include <set>

#include "app/accounts.h"
#include "app/calls.h"
#include "app/guard.h"
#include "base/text.h"

namespace arrears::app {

namespace {

using contact::CallEntry;

std::string customer_number(const PartyFile& file, parties::CustomerId id) {
  for (const Account& account : file.accounts)
    if (account.customer.id == id) return account.customer.number;
  return {};
}

/// Number of a document of the party or of another one of its group.
std::string document_number(Facts& facts, const PartyFile& file, parties::CustomerId customer,
                            receivables::DocumentId id) {
  for (const Account& account : file.accounts)
    if (const auto* document = receivables::find_document(account.ledger, id))
      return document->number;
  const auto document = facts.document(customer, id);
  ARREARS_REQUIRE(document.has_value());
  return document->number;
}

using Reviews = std::map<contact::CallId, std::vector<contact::CallReview>>;

Reviews reviews_of(Facts& facts, std::optional<parties::PartyId> party) {
  Reviews reviews;
  for (contact::CallReview& review : facts.call_reviews(party))
    reviews[review.call].push_back(std::move(review));
  return reviews;
}

/// The last mark of the entry's own version: an amended entry is to be read again.
std::string review_state(const CallEntry& call, const Reviews& reviews) {
  const auto known = reviews.find(call.id);
  if (known == reviews.end() || known->second.back().version != call.version) return {};
  return std::string(base::name(known->second.back().mark));
}

Json call_json(Facts& facts, const CallEntry& call, const PartyFile& file, const Reviews& reviews) {
  boost::json::array items;
  for (const contact::ItemDiscussed& item : call.items) {
    items.push_back(Json{{"document", document_number(facts, file, item.customer, item.document)},
                         {"instalment", item.instalment},
                         {"open", money::to_decimal(item.open_minor, item.currency)},
                         {"currency", item.currency.code()},
                         {"days_overdue", item.days_overdue}});
  }
  boost::json::array promised;
  for (const promises::Promise& promise : file.promises)
    if (promise.call == call.id.value) promised.push_back(boost::json::string(promise.number));
  std::string person = call.contact_text;
  for (const parties::Contact& contact : file.contacts)
    if (contact.id == call.contact) person = contact.name;
  Json json{{"call_id", to_string(call.id)},
            {"version", call.version},
            {"customer", customer_number(file, call.customer)},
            {"name", file.party.name},
            {"business_date", to_string(call.business_date)},
            {"started_at", to_string(call.started_at)},
            {"ended_at", to_string(call.ended_at)},
            {"entered_at", to_string(call.entered_at)},
            {"logged_late", contact::is_late(call)},
            {"direction", base::name(call.direction)},
            {"contact", person},
            {"line_outcome", base::name(call.line_outcome)},
            {"disposition", base::name(contact::disposition(call))},
            {"items", std::move(items)},
            {"reason_for_delay", call.reason_for_delay},
            {"reason_text", call.reason_text},
            {"broken_promise_reason", call.broken_promise_reason},
            {"notes", call.notes},
            {"promises", std::move(promised)},
            {"author", call.author}};
  if (call.next_action) {
    json["next_action"] = base::name(call.next_action->kind);
    json["next_on"] = call.next_action->due_on ? to_string(*call.next_action->due_on) : "";
    json["next_owner"] = call.next_action->owner;
    json["next_reason"] = call.next_action->reason;
  }
  if (call.version > 1) json["amendment_reason"] = call.amendment_reason;
  json["review"] = review_state(call, reviews);
  boost::json::array said;
  if (const auto known = reviews.find(call.id); known != reviews.end())
    for (const contact::CallReview& review : known->second) said.push_back(review_json(review));
  json["reviews"] = std::move(said);
  return json;
}

struct Selection {
  parties::Entity entity;
  std::optional<CustomerRef> customer;
  std::optional<DocumentRef> invoice;
};

Result<Selection> select(Facts& facts, std::string_view entity_code, std::string_view customer,
                         std::string_view invoice) {
  auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  Selection selection{*entity, {}, {}};
  if (!customer.empty()) {
    const auto found = find_customer(facts, *entity, customer);
    if (!found) return found.error();
    selection.customer = *found;
  }
  if (!invoice.empty()) {
    const auto found = find_document(facts, *entity, invoice);
    if (!found) return found.error();
    selection.invoice = *found;
  }
  return selection;
}

bool selected(const CallEntry& call, const CallQuery& query, const Selection& selection) {
  if (call.entity != selection.entity.id) return false;
  if (selection.customer && call.customer != selection.customer->customer) return false;
  if (selection.invoice &&
      std::none_of(call.items.begin(), call.items.end(),
                   [&](const auto& item) { return item.document == selection.invoice->document; }))
    return false;
  if (!query.collector.empty() && call.author != query.collector) return false;
  if (!query.disposition.empty() && base::name(contact::disposition(call)) != query.disposition)
    return false;
  if (!query.reason.empty() && call.reason_for_delay != query.reason) return false;
  if (query.from && call.business_date < *query.from) return false;
  return !query.to || call.business_date <= *query.to;
}

void each_file(Facts& facts, std::optional<parties::PartyId> only,
               const std::function<void(const PartyFile&)>& each) {
  if (!only) return facts.each_party({}, Detail::everything, each);
  if (const auto file = facts.party_file(*only, Detail::everything)) each(*file);
}

std::optional<parties::PartyId> only_party(Facts& facts, const Selection& selection) {
  if (selection.customer) return selection.customer->party;
  if (selection.invoice) return facts.party_of(selection.invoice->customer);
  return {};
}

Result<base::Done> check_disposition(const std::string& disposition) {
  if (disposition.empty() || base::parse_name<contact::Disposition>(disposition))
    return base::Done{};
  return base::refuse(CallRefusal::value_unknown, "There is no disposition " + disposition);
}

}  // namespace

Result<boost::json::array> call_list(Facts& facts, const CallQuery& query) {
  const auto selection = select(facts, query.entity, query.customer, query.invoice);
  if (!selection) return selection.error();
  if (const auto fine = check_disposition(query.disposition); !fine) return fine.error();
  const bool unread = query.review == "none";
  if (!query.review.empty() && !unread && !base::parse_name<contact::ReviewMark>(query.review))
    return base::refuse(CallRefusal::mark_unknown, "There is no mark " + query.review);
  const auto party = only_party(facts, *selection);
  const Reviews reviews = reviews_of(facts, party);
  std::vector<std::pair<Instant, Json>> rows;
  each_file(facts, party, [&](const PartyFile& file) {
    for (const CallEntry& call : file.calls) {
      if (!selected(call, query, *selection)) continue;
      if (!query.review.empty() && review_state(call, reviews) != (unread ? "" : query.review))
        continue;
      rows.emplace_back(call.started_at, call_json(facts, call, file, reviews));
    }
  });
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  boost::json::array list;
  for (auto& row : rows) list.push_back(std::move(row.second));
  return list;
}

Result<Json> call_statistics(Facts& facts, const CallQuery& query) {
  const auto selection = select(facts, query.entity, query.customer, query.invoice);
  if (!selection) return selection.error();
  if (const auto fine = check_disposition(query.disposition); !fine) return fine.error();
  std::vector<CallEntry> calls;
  each_file(facts, only_party(facts, *selection), [&](const PartyFile& file) {
    for (const CallEntry& call : file.calls)
      if (selected(call, query, *selection)) calls.push_back(call);
  });
  const contact::CallStatistics statistics = contact::call_statistics(calls);
  const auto percent = [](std::optional<std::int64_t> basis_points) -> boost::json::value {
    if (!basis_points) return nullptr;
    const std::int64_t whole = *basis_points / 100;
    const std::int64_t part = *basis_points % 100;
    return boost::json::string(std::to_string(whole) + (part < 10 ? ".0" : ".") +
                               std::to_string(part));
  };
  Json by_disposition;
  for (std::size_t i = 0; i < base::name_count<contact::Disposition>; ++i)
    by_disposition[base::Names<contact::Disposition>::all[i]] = statistics.by_disposition[i];
  return Json{{"calls", statistics.calls},
              {"outbound", statistics.outbound},
              {"inbound", statistics.calls - statistics.outbound},
              {"by_disposition", std::move(by_disposition)},
              {"right_party_rate_percent", percent(statistics.right_party_rate())},
              {"logged_late", statistics.logged_late},
              {"logged_late_percent", percent(statistics.late_share())}};
}

Result<boost::json::array> call_history(Facts& facts, std::string_view entity_code,
                                        std::string_view call_id) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  const contact::CallId id{base::parse_int(call_id).value_or(0)};
  const auto party = facts.party_of_call(id);
  boost::json::array list;
  if (party) {
    const auto file = facts.party_file(*party, Detail::everything);
    const Reviews reviews = reviews_of(facts, party);
    for (const CallEntry& version : facts.call_versions(*party, id))
      if (version.entity == entity->id) list.push_back(call_json(facts, version, *file, reviews));
  }
  if (list.empty()) {
    return base::refuse(CallRefusal::call_unknown, "There is no call " + std::string(call_id));
  }
  if (const auto decision = facts.guard_decision(*party, id))
    list.front().as_object()["guard"] = guard_json(*decision);
  return list;
}

Result<boost::json::array> worked_without_entry(Facts& facts, std::string_view entity_code,
                                                Date from, Date to) {
  const auto entity = find_entity(facts, entity_code);
  if (!entity) return entity.error();
  struct Listed {
    Date first;
    std::string collector;
  };
  std::map<parties::PartyId, Listed> listed;
  for (const RunRecord& run : facts.runs(entity->id)) {
    if (run.business_date < from || to < run.business_date) continue;
    for (const FrozenEntry& line : facts.frozen_worklist(run.id))
      listed.try_emplace(line.party, Listed{run.business_date, line.collector});
  }
  boost::json::array rows;
  for (const auto& [party, on_list] : listed) {
    const auto file = facts.party_file(party, Detail::everything);
    if (!file) continue;
    const bool worked =
        std::any_of(file->calls.begin(), file->calls.end(), [&](const CallEntry& call) {
          return call.entity == entity->id && on_list.first <= call.business_date &&
                 call.business_date <= to;
        });
    if (worked) continue;
    boost::json::array customers;
    for (const Account& account : file->accounts)
      if (account.customer.entity == entity->id)
        customers.push_back(boost::json::string(account.customer.number));
    rows.push_back(Json{{"party", file->party.name},
                        {"customers", std::move(customers)},
                        {"collector", on_list.collector},
                        {"listed_on", to_string(on_list.first)}});
  }
  return rows;
}

Result<boost::json::array> promise_list(Facts& facts, const PromiseQuery& query) {
  const auto selection = select(facts, query.entity, query.customer, "");
  if (!selection) return selection.error();
  if (!query.state.empty() && !base::parse_name<promises::PromiseState>(query.state)) {
    return base::refuse(CallRefusal::value_unknown, "There is no promise state " + query.state);
  }
  const calendar::BusinessCalendar calendar = entity_calendar(facts, selection->entity);
  boost::json::array list;
  each_file(facts, only_party(facts, *selection), [&](const PartyFile& file) {
    for (const promises::Promise& promise : file.promises) {
      if (promise.entity != selection->entity.id || query.as_of < promise.made_on) continue;
      const auto gathered = judge_promise(facts, file, promise, calendar, query.as_of);
      const promises::PromiseStanding& standing = gathered.standing;
      if (!query.state.empty() && base::name(standing.state) != query.state) continue;
      boost::json::array items;
      for (const promises::PromiseItem& item : promise.items) {
        items.push_back(
            Json{{"document", document_number(facts, file, item.customer, item.document)},
                 {"instalment", item.instalment},
                 {"amount", money::to_decimal(item.amount_minor, promise.currency)}});
      }
      list.push_back(Json{{"promise", promise.number},
                          {"name", file.party.name},
                          {"customers", customer_numbers(file, selection->entity.id)},
                          {"made_on", to_string(promise.made_on)},
                          {"by", to_string(promise.due_on)},
                          {"deadline", to_string(standing.deadline)},
                          {"currency", promise.currency.code()},
                          {"amount", money::to_decimal(promise.amount_minor, promise.currency)},
                          {"paid", money::to_decimal(standing.paid_minor, promise.currency)},
                          {"state", base::name(standing.state)},
                          {"superseded", standing.superseded},
                          {"suspended", standing.suspended},
                          {"probably_kept", standing.probably_kept},
                          {"items", std::move(items)}});
    }
  });
  return list;
}

Result<boost::json::array> follow_up_list(Facts& facts, const FollowUpQuery& query) {
  const auto selection = select(facts, query.entity, query.customer, "");
  if (!selection) return selection.error();
  boost::json::array list;
  each_file(facts, only_party(facts, *selection), [&](const PartyFile& file) {
    for (const strategy::FollowUp& follow_up : file.follow_ups) {
      if (follow_up.entity != selection->entity.id || query.as_of < follow_up.opened_on) continue;
      const bool closed = follow_up.closed_on && *follow_up.closed_on <= query.as_of;
      if (closed && !query.with_closed) continue;
      std::string promise;
      for (const promises::Promise& known : file.promises)
        if (known.id == follow_up.promise) promise = known.number;
      list.push_back(Json{{"follow_up_id", to_string(follow_up.id)},
                          {"name", file.party.name},
                          {"customers", customer_numbers(file, selection->entity.id)},
                          {"kind", base::name(follow_up.kind)},
                          {"action", base::name(follow_up.action)},
                          {"opened_on", to_string(follow_up.opened_on)},
                          {"due_on", to_string(follow_up.due_on)},
                          {"owner", follow_up.owner},
                          {"promise", promise},
                          {"closed_on", closed ? to_string(*follow_up.closed_on) : ""},
                          {"closing", closed ? base::name(*follow_up.closing) : ""}});
    }
  });
  return list;
}

}  // namespace arrears::app
