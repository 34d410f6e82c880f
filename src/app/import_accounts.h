#pragma once

#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "app/import_publication.h"
#include "domain/receivables/allocate.h"

/// The ledgers that cash application of an import decides on.
namespace arrears::app {

/// A customer's account that grows while rows of it are applied, and the slices of its ledger that
/// decide on one row: a large ledger is not gone through for each.
class WorkingAccount {
 public:
  explicit WorkingAccount(Account account) : account_(std::move(account)) {}

  CustomerRef customer() const { return {account_.customer.id, account_.customer.party}; }
  const receivables::Ledger& ledger() const { return account_.ledger; }
  /// What the rules ask for of the source and the document; good until it is asked for again or the
  /// ledger grows. See receivables::allocate.
  const receivables::Ledger& slice(const receivables::AllocationSource& source,
                                   receivables::DocumentId document);
  void put(const receivables::Document& document) { app::put(account_.ledger, document); }
  void put(const receivables::Payment& payment);
  void add(const receivables::Allocation& allocation);

 private:
  void make_index();
  void note(std::size_t allocation);
  void note(const receivables::Payment& payment);
  void take_touching(std::int64_t id);
  void take(receivables::DocumentId document);
  void take(receivables::PaymentId payment);

  Account account_;
  bool indexed_ = false;
  /// Places of the allocations that touch a document or payment, by its id.
  std::unordered_map<std::int64_t, std::vector<std::uint32_t>> touching_;
  std::unordered_map<receivables::PaymentId, std::vector<receivables::PaymentId>> reversals_;
  receivables::Ledger slice_;
};

/// The accounts of a batch, read many at a time.
class BatchAccounts {
 public:
  explicit BatchAccounts(Transaction& facts) : facts_(facts) {}

  /// Of which customers accounts will be asked for, in any order. What was read before is let go.
  void expect(std::vector<parties::CustomerId> customers, Payers payers);
  /// To be asked for in order of part and customer. Null for customers that are not expected.
  WorkingAccount* find(parties::CustomerId customer);
  WorkingAccount& get(parties::CustomerId customer);

 private:
  Transaction& facts_;
  Payers payers_ = Payers::left_out;
  std::vector<parties::CustomerId> expected_;  ///< in order of part and id
  std::size_t first_ = 0;                      ///< of `loaded_` among them
  std::vector<WorkingAccount> loaded_;
};

/// The order of the tables.
inline std::pair<Part, parties::CustomerId> place_of(parties::CustomerId customer) {
  return {customer.part(), customer};
}

}  // namespace arrears::app
