#include "adapters/storage/party_loader.h"

#include <algorithm>
#include <tuple>

#include "adapters/storage/ledger_rows.h"
#include "adapters/storage/personal.h"

namespace arrears::storage {

namespace {

using parties::CustomerId;
using parties::PartyId;

/// All versions of the customers that have ever been the party's: the newest may be another's.
constexpr const char* customers_of_party =
    " WHERE part = :part AND customer_id IN (SELECT customer_id FROM customer "
    "WHERE part = :part AND party_id = :party)";

}  // namespace

std::vector<app::PartyFile> PartyLoader::load_all() {
  load(0);
  return std::move(files_);
}

std::optional<app::PartyFile> PartyLoader::load(PartyId party) {
  load(party.value);
  if (files_.empty()) return std::nullopt;
  return std::move(files_.front());
}

/// `party` 0: all of the part.
void PartyLoader::load(std::int64_t party) {
  if (party != 0) ask_for_party(party);
  load_parties(party);
  if (files_.empty()) return;
  load_customers(party);
  if (party == 0) {
    load_receivables(0);
  } else {
    for (const app::Account& account : files_.front().accounts) {
      const std::int64_t customer = account.customer.id.value;
      ask_for_customer(customer);
      load_receivables(customer);
      if (detail_ == app::Detail::everything) load_reached(customer);
    }
  }
  if (detail_ == app::Detail::everything) load_rest(party);
}

void PartyLoader::ask_for_party(std::int64_t party) {
  std::vector<FactScan::Asked> asked = {{facts::customer, customers_of_party}};
  const auto add = [&](std::initializer_list<const FactTable*> tables) {
    for (const FactTable* table : tables) asked.push_back({*table, FactScan::of_owner(*table)});
  };
  add({&facts::party, &facts::group_edge});
  if (detail_ == app::Detail::everything) {
    add({&facts::contact, &facts::promise, &facts::promise_item, &facts::promise_event,
         &facts::call, &facts::call_item, &facts::follow_up, &facts::hold, &facts::due_action});
  }
  party_scan_.ask(asked, part_, party);
}

void PartyLoader::ask_for_customer(std::int64_t customer) {
  std::vector<FactScan::Asked> asked;
  for (const FactTable* table : {&facts::document, &facts::instalment, &facts::payment,
                                 &facts::allocation, &facts::dispute_mark})
    asked.push_back({*table, FactScan::of_owner(*table)});
  if (detail_ == app::Detail::everything)
    asked.push_back({facts::reached_step, FactScan::of_owner(facts::reached_step)});
  scan_.ask(asked, part_, customer);
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

void PartyLoader::load_parties(std::int64_t only) {
  party_scan_.rows(facts::party, part_, only, [&](FactRow& row) {
    row.skip();
    parties::Party party = read_party(snapshot_, row);
    if (files_.empty() || files_.back().party.id != party.id) {
      file_index_[party.id.value] = files_.size();
      files_.emplace_back().part = part_;
    }
    files_.back().party = std::move(party);
  });
  party_scan_.rows(facts::group_edge, part_, only, [&](FactRow& row) {
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

void PartyLoader::load_customers(std::int64_t only) {
  std::vector<parties::Customer> customers;
  const auto read = [&](FactRow& row) {
    row.skip();
    put_version(customers, read_customer(row));
  };
  if (only == 0) {
    party_scan_.rows(facts::customer, part_, 0, read);
  } else {
    party_scan_.run(facts::customer, customers_of_party, read, part_, only);
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

void PartyLoader::load_receivables(std::int64_t customer) {
  load_documents(customer);
  load_payments(customer);
  scan_.rows(facts::allocation, part_, customer, [&](FactRow& row) {
    row.skip();
    receivables::Ledger* ledger = ledger_of(row.integer());
    if (ledger == nullptr) return;
    ledger->allocations.push_back(read_allocation(row));
  });
  scan_.rows(facts::dispute_mark, part_, customer, [&](FactRow& row) {
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
    put_version(ledger->disputes, std::move(mark));
  });
}

void PartyLoader::load_documents(std::int64_t customer) {
  scan_.rows(facts::document, part_, customer, [&](FactRow& row) {
    row.skip();
    receivables::Ledger* ledger = ledger_of(row.integer());
    if (ledger != nullptr) put_version(ledger->documents, read_document(row));
  });
  receivables::Document* document = nullptr;
  scan_.rows(facts::instalment, part_, customer, [&](FactRow& row) {
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

void PartyLoader::load_payments(std::int64_t customer) {
  scan_.rows(facts::payment, part_, customer, [&](FactRow& row) {
    row.skip();
    const auto account = account_index_.find(row.integer());
    if (account == account_index_.end()) return;
    app::PartyFile& file = files_[account->second.first];
    receivables::Payment payment = read_payment(snapshot_, file.party.id, row);
    put_version(file.accounts[account->second.second].ledger.payments, std::move(payment));
  });
}

void PartyLoader::load_rest(std::int64_t party) {
  load_contacts(party);
  load_promises(party);
  load_calls(party);
  load_chasing(party);
  if (party == 0) load_reached(0);
}

void PartyLoader::load_contacts(std::int64_t party) {
  party_scan_.rows(facts::contact, part_, party, [&](FactRow& row) {
    parties::Contact contact;
    row.skip();
    contact.party = row.id<PartyId>();
    app::PartyFile* file = file_of(contact.party.value);
    if (file == nullptr) return;
    contact.id = row.id<parties::ContactId>();
    row.skip(2);
    contact.reference = row.text();
    contact.role = row.text();
    contact.language = row.text();
    contact.time_zone = row.text();
    contact.active = row.flag();
    unpack_personal(snapshot_.keys.open(contact.party, "contact.sealed", row.blob()), contact);
    put_version(file->contacts, std::move(contact));
  });
}

void PartyLoader::load_promises(std::int64_t party) {
  party_scan_.rows(facts::promise, part_, party, [&](FactRow& row) {
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
  party_scan_.rows(facts::promise_item, part_, party, [&](FactRow& row) {
    promises::Promise* promise = promise_of(row);
    if (promise == nullptr) return;
    promises::PromiseItem& item = promise->items.emplace_back();
    row.skip(2);
    item.customer = row.id<CustomerId>();
    item.document = row.id<receivables::DocumentId>();
    item.instalment = row.small();
    item.amount_minor = row.integer();
  });
  party_scan_.rows(facts::promise_event, part_, party, [&](FactRow& row) {
    promises::Promise* promise = promise_of(row);
    if (promise == nullptr) return;
    promises::PromiseEvent& event = promise->events.emplace_back();
    row.skip(2);
    event.kind = row.member<promises::PromiseEventKind>();
    event.on = row.date();
    event.reason = row.text();
  });
}

void PartyLoader::load_calls(std::int64_t party) {
  for (contact::CallEntry& call : read_calls(snapshot_, party_scan_, part_, party, 0)) {
    app::PartyFile* file = file_of(call.party.value);
    if (file != nullptr) put_version(file->calls, std::move(call));
  }
}

void PartyLoader::load_chasing(std::int64_t party) {
  party_scan_.rows(facts::follow_up, part_, party, [&](FactRow& row) {
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
    put_version(file->follow_ups, std::move(follow_up));
  });
  party_scan_.rows(facts::hold, part_, party, [&](FactRow& row) {
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
  party_scan_.rows(facts::due_action, part_, party, [&](FactRow& row) {
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

void PartyLoader::load_reached(std::int64_t customer) {
  scan_.rows(facts::reached_step, part_, customer, [&](FactRow& row) {
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
