#pragma once

#include <string>
#include <vector>

#include "adapters/storage/history_cursor.h"
#include "adapters/storage/history_ordinals.h"
#include "domain/portfolio/facts.h"

namespace arrears::storage {

/// The customers of one part, or some of them, with the parties that they belong to.
class HistoryCustomers {
 public:
  struct Cursors {
    HistoryCursor customers;
    HistoryCursor parties;
  };
  static Cursors open(Connection& connection, const HistorySelection& selection);

  /// Reads all versions of the customers and parties of the part.
  void read(Cursors& cursors, EntryOrdinals& ordinals, base::Part part);

  /// The number of customers; they are in order of id.
  std::size_t size() const { return customers_.size(); }
  parties::CustomerId id(std::size_t customer) const { return customers_[customer].id; }
  /// The party as of the newest version.
  parties::PartyId party(std::size_t customer) const;
  /// Who the customer is over recorded time; good until the next call.
  std::span<const portfolio::CustomerVersion> versions(std::size_t customer);
  /// The party's customer in the entity with the lowest id; none where there is none.
  parties::CustomerId first_customer(parties::PartyId party, parties::EntityId entity) const;

 private:
  struct Text {
    std::size_t begin = 0;
    std::size_t size = 0;
  };
  struct CustomerRow {
    parties::EntityId entity;
    parties::PartyId party;
    Text number;
    Text segment;
    portfolio::Ordinal known_from = 0;
  };
  struct PartyRow {
    parties::PartyId id;
    Text country;
    portfolio::Ordinal known_from = 0;
  };
  struct Customer {
    parties::CustomerId id;
    std::size_t first_row = 0;
    std::size_t end_row = 0;
  };
  struct Member {
    parties::PartyId party;
    parties::EntityId entity;
    parties::CustomerId customer;
    auto operator<=>(const Member&) const = default;
  };

  Text keep(std::string_view text);
  std::string_view text(Text text) const {
    return std::string_view(texts_).substr(text.begin, text.size);
  }
  std::span<const PartyRow> versions_of(parties::PartyId party) const;
  void add_version(const CustomerRow& row, std::string_view country, portfolio::Ordinal known_from);

  std::vector<Customer> customers_;
  std::vector<CustomerRow> rows_;     ///< by customer, version
  std::vector<PartyRow> party_rows_;  ///< by party, version
  std::vector<Member> members_;       ///< sorted
  std::string texts_;
  std::vector<portfolio::CustomerVersion> versions_;
};

}  // namespace arrears::storage
