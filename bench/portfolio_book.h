#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "domain/portfolio/facts.h"

/// A deterministic book for measurements: customers = invoices / 10 with a skew (the first tenth
/// has about a fifth), 24 months up to `as_of`, log-normal amounts, five payer classes, part
/// payments, 2 % disputes, credit notes, promises; recorded ordinals, 1 % corrections, 0.5 %
/// un-allocations, 1 % of payments applied days after they came in, 2 % recorded days late.
namespace arrears::bench {

constexpr calendar::Date as_of{20634};        // 2026-06-30
constexpr calendar::Date first_issue{19905};  // 2024-07-01
constexpr portfolio::Ordinal ordinals_per_day = 1000;

/// The first checkpoint of a day.
constexpr portfolio::Ordinal ordinal_of(calendar::Date day) {
  return static_cast<portfolio::Ordinal>(day - first_issue + 1) * ordinals_per_day;
}

/// The facts of one customer; kept and refilled.
struct CustomerRows {
  parties::CustomerId id;
  std::vector<portfolio::InstalmentFact> instalments;
  std::vector<portfolio::PaymentFact> payments;
  std::vector<portfolio::AllocationFact> allocations;
  std::vector<portfolio::DisputeFact> disputes;
  std::vector<portfolio::PromiseFact> promises;
  std::string number;
  std::vector<portfolio::CustomerVersion> versions;
  std::uint32_t invoices = 0;

  portfolio::CustomerFacts facts() const {
    return {id, instalments, payments, allocations, disputes, promises, versions};
  }
};

/// Fills `rows` with customer `number` (0-based) of a book of `invoices`.
void make_customer(std::uint32_t number, std::uint32_t invoices, CustomerRows& rows);

}  // namespace arrears::bench
