#include "app/promising.h"

#include <algorithm>

#include "app/site.h"
#include "base/text.h"

namespace arrears::app {

namespace {

/// The ledgers of a group's customers in one entity, and its promises there, as of a day.
struct GroupLedgers {
  std::vector<const receivables::Ledger*> ledgers;
  std::vector<promises::JudgedPromise> promises;
};

GroupLedgers gather_group(Facts& facts, const std::vector<PartyFile>& files,
                          const EntityContext& context, Date as_of) {
  GroupLedgers group;
  for (const PartyFile& file : files) {
    for (const Account& account : file.accounts)
      if (account.customer.entity == context.entity.id) group.ledgers.push_back(&account.ledger);
  }
  for (const PartyFile& file : files) {
    for (const promises::Promise& promise : file.promises) {
      if (promise.entity != context.entity.id) continue;
      group.promises.push_back(judge_promise(facts, file, promise, context.calendar, as_of));
    }
  }
  return group;
}

/// "INV-1=100.00": the item and its amount; "INV-1" alone.
struct ItemText {
  std::string_view item;
  std::string_view amount;
};
ItemText split_item(std::string_view text) {
  const auto at = text.rfind('=');
  if (at == std::string_view::npos) return {text, {}};
  return {text.substr(0, at), text.substr(at + 1)};
}

money::Currency currency_of(promises::LedgerRefs ledgers, const NamedInstalment& item) {
  for (const receivables::Ledger* ledger : ledgers) {
    if (ledger->customer != item.customer) continue;
    if (const auto* document = receivables::find_document(*ledger, item.document))
      return document->currency;
  }
  return {};
}

std::int64_t open_of(promises::LedgerRefs ledgers, const NamedInstalment& item, Date as_of) {
  for (const receivables::Ledger* ledger : ledgers) {
    if (ledger->customer != item.customer) continue;
    return receivables::open_amount(*ledger, item.document, item.instalment, as_of);
  }
  return 0;
}

Result<std::vector<promises::PromiseId>> find_superseded(Facts& facts,
                                                         const parties::Entity& entity,
                                                         const PromiseInput& input) {
  std::vector<promises::PromiseId> ids;
  for (const std::string& number : input.supersedes) {
    const auto found = find_promise(facts, entity, number);
    if (!found) return found.error();
    ids.push_back(found->promise);
  }
  return ids;
}

/// Items without amount are promised with all that is open on them. One that was discussed and is
/// settled is left out; one that was named is refused.
Result<base::Done> fill_in_amounts(const GroupLedgers& group, const PromiseInput& input,
                                   Date made_on, std::vector<promises::PromiseItem>& items) {
  for (std::size_t i = 0; i < items.size(); ++i) {
    promises::PromiseItem& item = items[i];
    const bool given = i < input.items.size() && !split_item(input.items[i]).amount.empty();
    if (given) continue;
    item.amount_minor =
        open_of(group.ledgers, {item.customer, item.document, item.instalment}, made_on);
    if (item.amount_minor > 0 || input.items.empty()) continue;
    return base::refuse(promises::CheckPromiseRefusal::item_not_open,
                        "Nothing is open on " + input.items[i] + " on " + to_string(made_on));
  }
  if (input.items.empty())
    std::erase_if(items, [](const auto& item) { return item.amount_minor <= 0; });
  return base::Done{};
}

/// Fills the items and the sum of `request` from the input.
Result<base::Done> read_items(Facts& facts, const EntityContext& context, const GroupLedgers& group,
                              const PromiseInput& input,
                              const std::vector<NamedInstalment>& discussed,
                              promises::PromiseRequest& request) {
  std::vector<promises::PromiseItem> items;
  bool amounts_given = false;
  money::Currency currency;
  const auto add = [&](const NamedInstalment& item, std::int64_t amount) {
    if (!currency) currency = currency_of(group.ledgers, item);
    items.push_back({item.customer, item.document, item.instalment, amount});
  };
  for (const std::string& text : input.items) {
    const ItemText parts = split_item(text);
    const auto item = find_instalment(facts, context.entity, parts.item);
    if (!item) return item.error();
    if (!currency_of(group.ledgers, *item)) {
      return base::refuse(promises::CheckPromiseRefusal::item_unknown,
                          std::string(parts.item) + " is not owed by the customer's group");
    }
    std::int64_t amount = 0;
    if (!parts.amount.empty()) {
      const auto read = read_amount(parts.amount, currency_of(group.ledgers, *item),
                                    "The amount promised on " + std::string(parts.item));
      if (!read) return read.error();
      amount = *read;
      amounts_given = true;
    }
    add(*item, amount);
  }
  if (input.items.empty()) {
    for (const NamedInstalment& item : discussed) add(item, 0);
  }
  if (items.empty()) {
    return base::refuse(CallRefusal::nothing_to_promise, "The promise names no invoices");
  }
  promises::Promise& promise = request.promise;
  promise.currency = currency;
  if (amounts_given || input.amount.empty()) {
    if (const auto filled = fill_in_amounts(group, input, promise.made_on, items); !filled)
      return filled.error();
    for (const promises::PromiseItem& item : items)
      promise.amount_minor = base::checked_add(promise.amount_minor, item.amount_minor);
  }
  if (!input.amount.empty()) {
    const auto total = read_amount(input.amount, currency, "The promised amount");
    if (!total) return total.error();
    promise.amount_minor = *total;
    if (!amounts_given) {
      items = promises::spread_oldest_first(*total, std::move(items), promise.made_on,
                                            group.ledgers, group.promises, request.supersedes);
    }
  }
  promise.items = std::move(items);
  return base::Done{};
}

std::string name_of(promises::LedgerRefs ledgers, const promises::PromiseItem& item) {
  for (const receivables::Ledger* ledger : ledgers) {
    if (ledger->customer != item.customer) continue;
    if (const auto* document = receivables::find_document(*ledger, item.document))
      return document->number + (item.instalment > 1 ? "#" + std::to_string(item.instalment) : "");
  }
  return {};
}

/// What was refused: the promise, and where it is too much what can still be promised.
std::string refused_promise(const promises::PromiseRequest& request, const GroupLedgers& group,
                            const std::string& party_name, promises::CheckPromiseRefusal reason) {
  const promises::Promise& promise = request.promise;
  const auto text = [&](std::int64_t minor) { return money::to_text({minor, promise.currency}); };
  std::string what = "The promise of " + text(promise.amount_minor) + " by " +
                     to_string(promise.due_on) + " (" + party_name + ")";
  if (reason != promises::CheckPromiseRefusal::exceeds_open_amount) return what;
  std::int64_t left_of_all = 0;
  for (const promises::PromiseItem& item : promise.items) {
    left_of_all = base::checked_add(
        left_of_all, promises::promisable_amount(request, item, group.ledgers, group.promises));
  }
  if (promise.items.size() > 1 && left_of_all < promise.amount_minor) {
    return what + " is about items of which " + text(left_of_all) + " is open and not yet promised";
  }
  for (const promises::PromiseItem& item : promise.items) {
    const std::int64_t left =
        promises::promisable_amount(request, item, group.ledgers, group.promises);
    if (item.amount_minor <= left) continue;
    return what + " takes " + text(item.amount_minor) + " of " + name_of(group.ledgers, item) +
           ", of which " + text(left) + " is open and not yet promised";
  }
  return what;
}

std::string promise_number(const PartyFile& file, parties::EntityId entity, int count) {
  for (const Account& account : file.accounts)
    if (account.customer.entity == entity)
      return account.customer.number + "-P" + std::to_string(count);
  return to_string(file.party.id) + "-P" + std::to_string(count);
}

/// Claims the party's next promise number: "C100-P3".
std::string claim_number(Transaction& facts, const PartyFile& file, parties::EntityId entity,
                         promises::PromiseId id) {
  for (int count = static_cast<int>(file.promises.size()) + 1;; ++count) {
    std::string number = promise_number(file, entity, count);
    if (facts.claim_number(entity, NumberKind::promise, {id.value, file.party.id.value, number}))
      return number;
  }
}

}  // namespace

Result<NamedInstalment> find_instalment(Facts& facts, const parties::Entity& entity,
                                        std::string_view text) {
  const auto mark = text.rfind('#');
  int instalment = 1;
  std::string_view number = text;
  if (mark != std::string_view::npos && !facts.find_number(entity.id, NumberKind::document, text)) {
    const auto given = base::parse_int(text.substr(mark + 1));
    if (!given || *given < 1 || *given > 1000) {
      return base::refuse(CallRefusal::item_unknown, std::string(text) + " names no instalment");
    }
    instalment = static_cast<int>(*given);
    number = text.substr(0, mark);
  }
  const auto document = find_document(facts, entity, number);
  if (!document) return document.error();
  return NamedInstalment{document->customer, document->document, instalment};
}

std::vector<PartyFile> group_files(Facts& facts, const PartyFile& file, Date as_of) {
  std::vector<PartyFile> files;
  files.push_back(file);
  const auto edges = facts.group_edges();
  const auto parent_of = [&](parties::PartyId party) {
    for (const parties::GroupEdge& edge : edges)
      if (edge.child == party && edge.from <= as_of && (!edge.until || as_of < *edge.until))
        return edge.parent;
    return parties::PartyId{};
  };
  parties::PartyId head = file.party.id;
  for (int depth = 0; depth < 100; ++depth) {
    const parties::PartyId parent = parent_of(head);
    if (!parent) break;
    head = parent;
  }
  const auto belongs = [&](parties::PartyId party) {
    for (int depth = 0; depth < 100 && party; ++depth) {
      if (party == head) return true;
      party = parent_of(party);
    }
    return false;
  };
  std::vector<parties::PartyId> members{head};
  for (const parties::GroupEdge& edge : edges)
    if (belongs(edge.child)) members.push_back(edge.child);
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  for (const parties::PartyId member : members) {
    if (member == file.party.id || member.part() != file.part) continue;
    if (auto other = facts.party_file(member, Detail::everything))
      files.push_back(std::move(*other));
  }
  return files;
}

Result<Json> write_promise(Transaction& facts, const PartyFile& file, const EntityContext& context,
                           const PromiseInput& input, const std::vector<NamedInstalment>& discussed,
                           Date made_on, parties::ContactId contact, contact::CallId call) {
  if (input.by.empty()) {
    return base::refuse(CallRefusal::promise_date_required, "The promise names no day");
  }
  const auto by = read_date(input.by, "The promised day");
  if (!by) return by.error();
  const auto superseded = find_superseded(facts, context.entity, input);
  if (!superseded) return superseded.error();
  promises::PromiseRequest request;
  request.supersedes = *superseded;
  promises::Promise& promise = request.promise;
  promise.party = file.party.id;
  promise.entity = context.entity.id;
  promise.made_on = made_on;
  promise.due_on = *by;
  promise.tolerance_days = context.entity.promise_tolerance_days;
  promise.contact = contact;
  promise.call = call.value;
  const std::vector<PartyFile> files = group_files(facts, file, made_on);
  const GroupLedgers group = gather_group(facts, files, context, made_on);
  if (const auto read = read_items(facts, context, group, input, discussed, request); !read)
    return read.error();
  auto checked = promises::check_promise(request, group.ledgers, group.promises);
  if (!checked) {
    return base::refuse(checked.error(),
                        refused_promise(request, group, file.party.name, checked.error()));
  }
  checked->id = facts.ids().make<promises::PromiseTag>(file.part);
  checked->number = claim_number(facts, file, context.entity.id, checked->id);
  Json answer{{"promise", checked->number},
              {"promise_id", to_string(checked->id)},
              {"amount", money::to_decimal(checked->amount_minor, checked->currency)},
              {"currency", checked->currency.code()},
              {"by", input.by},
              {"deadline", to_string(promises::deadline(*checked, context.calendar))}};
  Entry& entry =
      facts.open_entry(file.part, EntryKind::promise_made, boost::json::serialize(answer));
  entry.add(*checked);
  for (const promises::PromiseId id : *superseded) {
    const auto owner = std::find_if(group.promises.begin(), group.promises.end(),
                                    [&](const auto& judged) { return judged.promise->id == id; });
    ARREARS_REQUIRE(owner != group.promises.end());
    entry.add(owner->promise->party, id, static_cast<int>(owner->promise->events.size()) + 1,
              {promises::PromiseEventKind::superseded, made_on, "by " + checked->number});
  }
  return answer;
}

}  // namespace arrears::app
