#include "adapters/storage/account_loader.h"

#include <algorithm>
#include <vector>

#include "adapters/storage/ledger_rows.h"

namespace arrears::storage {

namespace {

using Accounts = std::vector<app::Account>;

/// Customers of one part that a question is about.
constexpr std::size_t customers_of_question = 8;

/// The accounts in groups of such customers.
std::vector<std::span<app::Account>> groups_of(Accounts& accounts) {
  std::vector<std::span<app::Account>> groups;
  for (std::size_t first = 0, end = 0; first < accounts.size(); first = end) {
    const base::Part part = accounts[first].ledger.customer.part();
    while (end < accounts.size() && end - first < customers_of_question &&
           accounts[end].ledger.customer.part() == part) {
      ++end;
    }
    groups.push_back(std::span(accounts).subspan(first, end - first));
  }
  return groups;
}

/// Asks a table for the rows of the customers; `each` gets the account and the row, which stands on
/// the customer's id.
template <class Each>
void rows(const Snapshot& snapshot, const FactTable& table, Accounts& accounts, const Each& each) {
  const auto groups = groups_of(accounts);
  std::string condition = " WHERE part = :part AND customer_id IN (:c0";
  for (std::size_t i = 1; i < customers_of_question; ++i) condition += ", :c" + std::to_string(i);
  const auto bind = [&](std::size_t n, Statement& statement) {
    const auto group = groups[n];
    statement.bind(0, group.front().ledger.customer.part());
    for (std::size_t i = 0; i < customers_of_question; ++i) {  // the last one again and again
      const app::Account& account = group[std::min(i, group.size() - 1)];
      statement.bind(static_cast<int>(i) + 1, account.ledger.customer.value);
    }
  };
  const auto take = [&](std::size_t n, Statement& statement) {
    const auto group = groups[n];
    const base::Part part = group.front().ledger.customer.part();
    if (!snapshot.view.visible(part, statement.int64_at(table.entry_column()))) return;
    const std::int64_t id = statement.int64_at(1);
    const auto account = std::ranges::find(
        group, id, [](const app::Account& one) { return one.ledger.customer.value; });
    FactRow row(statement, 1);
    each(*account, row);
  };
  snapshot.connection.query_many(select_in_order(table, condition + ")"), groups.size(), bind,
                                 take);
}

void load_documents(const Snapshot& snapshot, Accounts& accounts) {
  rows(snapshot, facts::document, accounts, [](app::Account& account, FactRow& row) {
    row.skip();
    put_version(account.ledger.documents, read_document(row));
  });
  rows(snapshot, facts::instalment, accounts, [](app::Account& account, FactRow& row) {
    row.skip();
    const auto id = row.id<receivables::DocumentId>();
    const int version = row.small();
    auto& documents = account.ledger.documents;
    const auto document = std::ranges::lower_bound(documents, id, {}, &receivables::Document::id);
    if (document == documents.end() || document->id != id || document->version != version) return;
    document->instalments.push_back(read_instalment(row));
  });
}

void load_payments(const Snapshot& snapshot, Accounts& accounts) {
  rows(snapshot, facts::payment, accounts, [](app::Account& account, FactRow& row) {
    row.skip();
    put_version(account.ledger.payments, read_payment_without_payer(row));
  });
}

/// Each customer with its own question: a party's key is looked up in between.
void load_payments_with_payers(const Snapshot& snapshot, app::Account& account) {
  const parties::CustomerId id = account.ledger.customer;
  FactScan(snapshot).rows(facts::payment, id.part(), id.value, [&](FactRow& row) {
    row.skip(2);
    put_version(account.ledger.payments, read_payment(snapshot, account.customer.party, row));
  });
}

void load(const Snapshot& snapshot, Accounts& accounts, app::Payers payers) {
  rows(snapshot, facts::customer, accounts,
       [](app::Account& account, FactRow& row) { account.customer = read_customer(row); });
  load_documents(snapshot, accounts);
  if (payers == app::Payers::left_out) {
    load_payments(snapshot, accounts);
  } else {
    for (app::Account& account : accounts) load_payments_with_payers(snapshot, account);
  }
  rows(snapshot, facts::allocation, accounts, [](app::Account& account, FactRow& row) {
    row.skip();
    account.ledger.allocations.push_back(read_allocation(row));
  });
}

}  // namespace

void each_account(const Snapshot& snapshot, std::span<const parties::CustomerId> customers,
                  app::Payers payers, const std::function<void(app::Account&)>& each) {
  Accounts accounts(customers.size());
  for (std::size_t i = 0; i < customers.size(); ++i) accounts[i].ledger.customer = customers[i];
  load(snapshot, accounts, payers);
  for (app::Account& account : accounts) {
    ARREARS_REQUIRE(bool(account.customer.id));
    each(account);
  }
}

}  // namespace arrears::storage
