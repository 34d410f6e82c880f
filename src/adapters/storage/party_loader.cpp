#include "adapters/storage/party_loader.h"

#include <algorithm>
#include <tuple>

#include "adapters/storage/guard_rows.h"
#include "adapters/storage/ledger_rows.h"
#include "adapters/storage/personal.h"

namespace arrears::storage {

namespace {

using parties::CustomerId;
using parties::PartyId;

/// All versions of the customers that have ever been the parties': the newest may be another's.
std::string customers_of(Owners parties) {
  return " WHERE part = :part AND customer_id IN (SELECT customer_id FROM customer "
         "WHERE part = :part AND party_id " +
         FactScan::is_one_of(parties.size()) + ")";
}

}  // namespace

std::vector<app::PartyFile> PartyLoader::load_all() {
  load(Owners());
  return std::move(files_);
}

std::optional<app::PartyFile> PartyLoader::load(PartyId party) {
  load(Owners(&party.value, 1));
  if (files_.empty()) return std::nullopt;
  return std::move(files_.front());
}

std::vector<app::PartyFile> PartyLoader::load(std::span<const PartyId> parties) {
  std::vector<std::int64_t> owners;
  for (const PartyId party : parties) owners.push_back(party.value);
  load(Owners(owners));
  return std::move(files_);
}

void PartyLoader::load(Owners parties) {
  ask_for_parties(parties);
  load_parties(parties);
  if (files_.empty()) return;
  load_customers(parties);
  if (detail_ == app::Detail::identity) return;
  if (parties.empty()) {
    load_accounts(Owners());
  } else {
    std::vector<std::int64_t> customers;
    for (const app::PartyFile& file : files_)
      for (const app::Account& account : file.accounts)
        customers.push_back(account.customer.id.value);
    for (Owners rest(customers); !rest.empty();) {
      const Owners asked = rest.first(std::min(rest.size(), most_owners));
      load_accounts(asked);
      rest = rest.subspan(asked.size());
    }
  }
  if (detail_ == app::Detail::everything) load_rest(parties);
}

void PartyLoader::load_accounts(Owners customers) {
  ask_for_customers(customers);
  load_receivables(customers);
  if (detail_ == app::Detail::everything) load_reached(customers);
}

void PartyLoader::ask_for_parties(Owners parties) {
  std::vector<FactScan::Asked> asked;
  const auto add = [&](std::initializer_list<const FactTable*> tables) {
    for (const FactTable* table : tables)
      asked.push_back({*table, FactScan::of_owners(*table, parties.size())});
  };
  if (parties.empty()) {
    add({&facts::customer});
  } else {
    asked.push_back({facts::customer, customers_of(parties)});
  }
  add({&facts::party, &facts::group_edge});
  if (detail_ == app::Detail::everything) {
    add({&facts::contact, &facts::promise, &facts::promise_item, &facts::promise_event,
         &facts::call, &facts::call_item, &facts::follow_up, &facts::hold, &facts::suppression,
         &facts::due_action});
  }
  party_scan_.ask(asked, part_, parties);
}

void PartyLoader::ask_for_customers(Owners customers) {
  std::vector<FactScan::Asked> asked;
  const auto add = [&](const FactTable& table) {
    asked.push_back({table, FactScan::of_owners(table, customers.size())});
  };
  for (const FactTable* table : {&facts::document, &facts::instalment, &facts::payment,
                                 &facts::allocation, &facts::dispute_mark})
    add(*table);
  if (detail_ == app::Detail::everything) add(facts::reached_step);
  scan_.ask(asked, part_, customers);
}

app::PartyFile* PartyLoader::file_of(std::int64_t party) {
  const auto found = file_index_.find(party);
  return found == file_index_.end() ? nullptr : &files_[found->second];
}

receivables::Ledger* PartyLoader::ledger_of(std::int64_t customer) {
  const auto found = account_index_.find(customer);
  if (found == account_index_.end()) return nullptr;
  return &files_[found->second.first].accounts[found->second.second].ledger;
}

void PartyLoader::load_parties(Owners parties) {
  party_scan_.rows(facts::party, part_, parties, [&](FactRow& row) {
    row.skip();
    parties::Party party = read_party(snapshot_, row);
    if (files_.empty() || files_.back().party.id != party.id) {
      file_index_[party.id.value] = files_.size();
      files_.emplace_back().part = part_;
    }
    files_.back().party = std::move(party);
  });
  party_scan_.rows(facts::group_edge, part_, parties, [&](FactRow& row) {
    parties::GroupEdge edge;
    row.skip();
    edge.child = row.id<PartyId>();
    edge.from = row.date();
    row.skip(2);
    edge.parent = row.id<PartyId>();
    edge.until = row.maybe_date();
    app::PartyFile* file = file_of(edge.child.value);
    if (file == nullptr) return;
    if (!file->parents.empty() && file->parents.back().from == edge.from) {
      file->parents.back() = edge;
    } else {
      file->parents.push_back(edge);
    }
  });
}

void PartyLoader::load_customers(Owners parties) {
  std::vector<parties::Customer> customers;
  const auto read = [&](FactRow& row) {
    row.skip();
    put_version(customers, read_customer(row));
  };
  if (parties.empty()) {
    party_scan_.rows(facts::customer, part_, parties, read);
  } else {
    party_scan_.run_bound(facts::customer, customers_of(parties),
                          FactScan::values_of(part_, parties), read);
  }
  for (parties::Customer& customer : customers) {
    app::PartyFile* file = file_of(customer.party.value);
    if (file == nullptr) continue;
    app::Account& account = file->accounts.emplace_back();
    account.ledger.customer = customer.id;
    account.customer = std::move(customer);
  }
  for (std::size_t i = 0; i < files_.size(); ++i) {
    auto& accounts = files_[i].accounts;
    std::sort(accounts.begin(), accounts.end(), [](const app::Account& a, const app::Account& b) {
      return std::tie(a.customer.entity, a.customer.number, a.customer.id) <
             std::tie(b.customer.entity, b.customer.number, b.customer.id);
    });
    for (std::size_t place = 0; place < accounts.size(); ++place) {
      account_index_[accounts[place].customer.id.value] = {i, place};
    }
  }
}

void PartyLoader::load_receivables(Owners customers) {
  load_documents(customers);
  load_payments(customers);
  scan_.rows(facts::allocation, part_, customers, [&](FactRow& row) {
    row.skip();
    receivables::Ledger* ledger = ledger_of(row.integer());
    if (ledger == nullptr) return;
    ledger->allocations.push_back(read_allocation(row));
  });
  scan_.rows(facts::dispute_mark, part_, customers, [&](FactRow& row) {
    row.skip();
    receivables::Ledger* ledger = ledger_of(row.integer());
    if (ledger == nullptr) return;
    receivables::DisputeMark mark;
    mark.id = row.id<receivables::DisputeMarkId>();
    row.skip(2);
    mark.document = row.id<receivables::DocumentId>();
    mark.amount_minor = row.maybe_integer();
    mark.from = row.date();
    mark.until = row.maybe_date();
    mark.reason = row.text();
    mark.reason_code = row.text();
    mark.owner = row.text();
    mark.due_on = row.maybe_date();
    mark.call = row.maybe_integer().value_or(0);
    mark.outcome = row.maybe_member<receivables::DisputeOutcome>();
    mark.resolution = row.text();
    put_version(ledger->disputes, std::move(mark));
  });
}

void PartyLoader::load_documents(Owners customers) {
  scan_.rows(facts::document, part_, customers, [&](FactRow& row) {
    row.skip();
    receivables::Ledger* ledger = ledger_of(row.integer());
    if (ledger != nullptr) put_version(ledger->documents, read_document(row));
  });
  receivables::Document* document = nullptr;
  scan_.rows(facts::instalment, part_, customers, [&](FactRow& row) {
    row.skip();
    const std::int64_t owner = row.integer();
    const auto id = row.id<receivables::DocumentId>();
    const int version = row.small();
    if (document == nullptr || document->id != id) {
      receivables::Ledger* ledger = ledger_of(owner);
      if (ledger == nullptr) return;
      const auto found = std::lower_bound(
          ledger->documents.begin(), ledger->documents.end(), id,
          [](const receivables::Document& d, receivables::DocumentId v) { return d.id < v; });
      if (found == ledger->documents.end() || found->id != id) return;
      document = &*found;
    }
    if (document->version != version) return;
    document->instalments.push_back(read_instalment(row));
  });
}

void PartyLoader::load_payments(Owners customers) {
  scan_.rows(facts::payment, part_, customers, [&](FactRow& row) {
    row.skip();
    const auto account = account_index_.find(row.integer());
    if (account == account_index_.end()) return;
    app::PartyFile& file = files_[account->second.first];
    receivables::Payment payment = read_payment(snapshot_, file.party.id, row);
    put_version(file.accounts[account->second.second].ledger.payments, std::move(payment));
  });
}

void PartyLoader::load_rest(Owners parties) {
  load_contacts(parties);
  load_promises(parties);
  load_calls(parties);
  load_chasing(parties);
}

void PartyLoader::load_contacts(Owners parties) {
  party_scan_.rows(facts::contact, part_, parties, [&](FactRow& row) {
    row.skip();
    parties::Contact contact = read_contact(snapshot_, row);
    app::PartyFile* file = file_of(contact.party.value);
    if (file != nullptr) put_version(file->contacts, std::move(contact));
  });
}

void PartyLoader::load_promises(Owners parties) {
  party_scan_.rows(facts::promise, part_, parties, [&](FactRow& row) {
    promises::Promise promise;
    row.skip();
    promise.party = row.id<PartyId>();
    app::PartyFile* file = file_of(promise.party.value);
    if (file == nullptr) return;
    promise.id = row.id<promises::PromiseId>();
    row.skip();
    promise.entity = row.id<parties::EntityId>();
    promise.number = row.text();
    promise.made_on = row.date();
    promise.due_on = row.date();
    promise.tolerance_days = row.small();
    promise.currency = row.currency();
    promise.amount_minor = row.integer();
    promise.contact = row.id<parties::ContactId>();
    promise.call = row.maybe_integer().value_or(0);
    file->promises.push_back(std::move(promise));
  });
  const auto promise_of = [&](FactRow& row) -> promises::Promise* {
    row.skip();
    app::PartyFile* file = file_of(row.integer());
    const auto id = row.id<promises::PromiseId>();
    if (file == nullptr) return nullptr;
    const auto found = std::find_if(file->promises.begin(), file->promises.end(),
                                    [&](const promises::Promise& p) { return p.id == id; });
    return found == file->promises.end() ? nullptr : &*found;
  };
  party_scan_.rows(facts::promise_item, part_, parties, [&](FactRow& row) {
    promises::Promise* promise = promise_of(row);
    if (promise == nullptr) return;
    promises::PromiseItem& item = promise->items.emplace_back();
    row.skip(2);
    item.customer = row.id<CustomerId>();
    item.document = row.id<receivables::DocumentId>();
    item.instalment = row.small();
    item.amount_minor = row.integer();
  });
  party_scan_.rows(facts::promise_event, part_, parties, [&](FactRow& row) {
    promises::Promise* promise = promise_of(row);
    if (promise == nullptr) return;
    promises::PromiseEvent& event = promise->events.emplace_back();
    row.skip(2);
    event.kind = row.member<promises::PromiseEventKind>();
    event.on = row.date();
    event.reason = row.text();
  });
}

void PartyLoader::load_calls(Owners parties) {
  for (contact::CallEntry& call : read_calls(snapshot_, party_scan_, part_, parties, 0)) {
    app::PartyFile* file = file_of(call.party.value);
    if (file != nullptr) put_version(file->calls, std::move(call));
  }
}

void PartyLoader::load_chasing(Owners parties) {
  party_scan_.rows(facts::follow_up, part_, parties, [&](FactRow& row) {
    strategy::FollowUp follow_up;
    row.skip();
    follow_up.party = row.id<PartyId>();
    app::PartyFile* file = file_of(follow_up.party.value);
    if (file == nullptr) return;
    follow_up.id = row.id<strategy::FollowUpId>();
    row.skip(2);
    follow_up.entity = row.id<parties::EntityId>();
    follow_up.kind = row.member<strategy::FollowUpKind>();
    follow_up.opened_on = row.date();
    follow_up.due_on = row.date();
    follow_up.owner = row.text();
    follow_up.promise = row.id<promises::PromiseId>();
    follow_up.call = row.id<contact::CallId>();
    follow_up.action = row.member<contact::NextActionKind>();
    follow_up.closed_on = row.maybe_date();
    follow_up.closing = row.maybe_member<strategy::FollowUpClosing>();
    follow_up.dispute = row.id<receivables::DisputeMarkId>();
    put_version(file->follow_ups, std::move(follow_up));
  });
  party_scan_.rows(facts::hold, part_, parties, [&](FactRow& row) {
    app::HoldRecord hold;
    row.skip();
    hold.party = row.id<PartyId>();
    app::PartyFile* file = file_of(hold.party.value);
    if (file == nullptr) return;
    hold.id = row.id<app::HoldId>();
    row.skip(2);
    hold.hold.from = row.date();
    hold.hold.until = row.maybe_date();
    hold.hold.reason = row.text();
    put_version(file->holds, std::move(hold));
  });
  party_scan_.rows(facts::suppression, part_, parties, [&](FactRow& row) {
    row.skip();
    app::SuppressionRecord record = read_suppression(row);
    app::PartyFile* file = file_of(record.party.value);
    if (file != nullptr) put_suppression(file->suppressions, std::move(record));
  });
  party_scan_.rows(facts::due_action, part_, parties, [&](FactRow& row) {
    app::DueActionRecord action;
    row.skip();
    action.party = row.id<PartyId>();
    app::PartyFile* file = file_of(action.party.value);
    if (file == nullptr) return;
    action.entity = row.id<parties::EntityId>();
    action.on = row.date();
    action.channel = row.member<strategy::Channel>();
    row.skip();
    action.action = row.member<strategy::StepAction>();
    action.level = row.small();
    action.items = row.text();
    file->due_actions.push_back(std::move(action));
  });
}

void PartyLoader::load_reached(Owners customers) {
  scan_.rows(facts::reached_step, part_, customers, [&](FactRow& row) {
    row.skip();
    const auto account = account_index_.find(row.integer());
    if (account == account_index_.end()) return;
    strategy::ReachedStep& step = files_[account->second.first].reached_steps.emplace_back();
    step.item.document = row.id<receivables::DocumentId>();
    step.item.instalment = row.small();
    step.step = row.text();
    row.skip();
    step.on = row.date();
    step.status = row.member<strategy::StepStatus>();
  });
}

}  // namespace arrears::storage
