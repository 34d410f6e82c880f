#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "domain/calendar/date.h"
#include "domain/money/money.h"
#include "domain/parties/parties.h"
#include "domain/promises/promise.h"
#include "domain/receivables/ledger.h"

/// What one customer's rows in the portfolio are made from: its recorded facts with all versions,
/// each with its place in the recorded order. Flat rows, as a store keeps them.
namespace arrears::portfolio {

using calendar::Date;

/// The number of the checkpoint with which a fact became known.
using Ordinal = std::uint32_t;
/// Committed, but not yet in a checkpoint. Asked for as known at `latest`, such facts count.
constexpr Ordinal unsealed = 0xFFFFFFFE;
constexpr Ordinal latest = unsealed;
/// As the end of a version: nothing has superseded it.
constexpr Ordinal forever = 0xFFFFFFFF;

/// One instalment of one version of its document.
struct InstalmentFact {
  receivables::DocumentId document;
  int version = 1;  ///< of the document
  int instalment = 1;
  receivables::DocumentKind kind = receivables::DocumentKind::invoice;
  Date issued_on;
  Date due_on;
  money::Currency currency;
  std::int64_t amount_minor = 0;
  bool cancelled = false;  ///< recorded in error; no later version may take that back
  Ordinal known_from = 0;
};

struct PaymentFact {
  receivables::PaymentId payment;
  int version = 1;
  Date value_on;
  money::Currency currency;
  std::int64_t amount_minor = 0;
  receivables::PaymentId reverses;
  bool cancelled = false;
  Ordinal known_from = 0;
  receivables::PaymentKind kind = receivables::PaymentKind::payment;
};

/// An allocation or its reversal; see receivables::Allocation.
struct AllocationFact {
  receivables::AllocationKind kind = receivables::AllocationKind::payment;
  receivables::PaymentId payment;
  receivables::DocumentId credit;
  int credit_instalment = 0;
  receivables::DocumentId document;
  int instalment = 1;
  Date allocated_on;
  std::int64_t amount_minor = 0;
  std::int64_t source_minor = 0;
  Ordinal known_from = 0;
};

/// One version of a dispute mark.
struct DisputeFact {
  receivables::DisputeMarkId dispute;
  int version = 1;
  receivables::DocumentId document;
  std::optional<std::int64_t> amount_minor;  ///< nothing: the whole document
  Date from;
  std::optional<Date> until;  ///< first day on which it no longer holds
  Ordinal known_from = 0;
};

struct PromisedAmount {
  receivables::DocumentId document;
  int instalment = 1;
  std::int64_t amount_minor = 0;
};

/// Withdrawn or superseded.
struct PromiseEnd {
  Date on;
  Ordinal known_from = 0;
};

/// What a promise says about one customer.
struct PromiseFact {
  promises::PromiseId promise;
  Date made_on;
  Date deadline;  ///< promises::deadline, by the entity's calendar as known now
  Ordinal known_from = 0;
  /// It also names items of other customers: each of them holds its own items, and the promise is
  /// judged from all of them together.
  bool shared = false;
  /// Where it counts when broken: at exactly one customer of its party (which may have no items).
  bool counted = true;
  /// Whether it covers its items here: not where the customer is of another party.
  bool covers = true;
  std::vector<PromisedAmount> items;
  std::vector<PromiseEnd> ends;
  parties::PartyId party = {};  ///< who made it: money on an item counts once among its promises
};

/// Who a customer is, from `known_from` until the next version. The texts belong to whoever made
/// it.
struct CustomerVersion {
  parties::EntityId entity;
  parties::PartyId party;
  std::string_view number;   ///< the customer's
  std::string_view segment;  ///< of the customer, may be empty
  std::string_view country;  ///< of the party, may be empty
  Ordinal known_from = 0;
};

/// All recorded facts of one customer. The spans need to live only for the call they are given to.
struct CustomerFacts {
  parties::CustomerId customer;
  std::span<const InstalmentFact> instalments;  ///< by document, version
  std::span<const PaymentFact> payments;        ///< by payment, version
  std::span<const AllocationFact> allocations;  ///< in any order
  std::span<const DisputeFact> disputes;        ///< by dispute, version
  std::span<const PromiseFact> promises;        ///< in any order
  /// In order of recording; at least one where a store knows the customer.
  std::span<const CustomerVersion> versions = {};
};

}  // namespace arrears::portfolio
