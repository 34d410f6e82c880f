#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "adapters/storage/journal.h"
#include "adapters/storage/verify.h"
#include "adapters/storage/verify_rows.h"

/// Verification of one part: its journal, its chain and its fact rows. Internal to verify.
namespace arrears::storage {

/// What is kept of a journal entry while its part is verified.
struct ReadEntry {
  std::int64_t entry_id = 0;
  std::string kind;
  Hash hash{};
  Bytes rows_root;
  std::optional<Bytes> owners;
  std::size_t leaf_begin = 0;  ///< in ReadPart::leaves
  std::size_t leaf_count = 0;
  bool sealed = false;
};

struct ReadSeal {
  std::int64_t seq = 0;
  std::int64_t entry_id = 0;
  Hash chain{};
  std::optional<std::size_t> entry;  ///< index in ReadPart::entries
};

/// A fact row of an entry that differs, with its name for people.
struct NamedRow {
  LeafHash leaf;
  std::string name;
};

struct ReadPart {
  base::Part part = 0;
  std::vector<ReadEntry> entries;  ///< in order of entry id
  std::vector<LeafHash> leaves;
  std::vector<ReadSeal> seals;  ///< in order of sequence

  std::optional<std::size_t> find(std::int64_t entry_id) const;
};

class PartVerifier {
 public:
  /// Parts are verified in rising order.
  PartVerifier(Connection& connection, VerifiedTables& tables, base::Part part,
               Verification& result)
      : connection_(connection), tables_(tables), result_(result) {
    read_.part = part;
  }

  /// `signed_heads`: what a checkpoint file signed of this part, if anything.
  void run(const std::optional<ChainHead>& against);

 private:
  void read_journal();
  void read_seals();
  void check_chain();
  void check_pending();
  void check_head();
  void check_checkpoint_heads();
  void check_against(const ChainHead& against);
  void check_facts();
  void check_owners(std::vector<std::pair<std::uint32_t, std::int64_t>>& found,
                    const std::vector<std::size_t>& differing);

  void find_swaps(std::vector<std::size_t>& broken);
  bool undo_swap(std::size_t a, std::size_t b);
  bool fits(std::size_t seal) const;
  void report_broken(std::size_t seal);
  void report_differences(const std::vector<std::size_t>& differing);
  void report_entry(std::size_t entry, const std::vector<NamedRow>& found);
  Hash hash_of(std::size_t entry, std::int64_t with_id);
  std::string where(const ReadSeal& seal) const;
  std::string name_of(const ReadEntry& entry) const;
  const ReadSeal* seal_at(std::int64_t seq) const;
  std::span<const LeafHash> leaves_of(std::size_t entry) const;
  void add(ProblemKind kind, std::string where, std::string text) {
    result_.add(kind, std::move(where), std::move(text));
  }

  Connection& connection_;
  VerifiedTables& tables_;
  Verification& result_;
  ReadPart read_;
  std::vector<Hash> hashes_;  ///< of the entry at each seal, as far as swaps could be undone
  std::map<std::size_t, std::size_t> content_of_;  ///< entry whose content stands elsewhere
};

}  // namespace arrears::storage
