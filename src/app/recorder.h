#pragma once

#include <map>

#include "app/lookup.h"

namespace arrears::app {

/// Where a change is journaled: a command opens an entry for each change with its own payload, an
/// import one entry for each part and kind of a chunk.
class Recorder {
 public:
  virtual ~Recorder() = default;
  virtual Entry& entry(Part part, EntryKind kind, const Json& payload,
                       parties::PartyId party = {}) = 0;
};

/// One entry a change.
class SingleRecorder final : public Recorder {
 public:
  explicit SingleRecorder(Transaction& transaction) : transaction_(transaction) {}
  Entry& entry(Part part, EntryKind kind, const Json& payload, parties::PartyId party) override {
    return transaction_.open_entry(part, kind, boost::json::serialize(payload), party);
  }

 private:
  Transaction& transaction_;
};

/// One entry for each part and kind, all with the same payload.
class BulkRecorder final : public Recorder {
 public:
  BulkRecorder(Transaction& transaction, const Json& payload)
      : transaction_(transaction), payload_(boost::json::serialize(payload)) {}
  Entry& entry(Part part, EntryKind kind, const Json&, parties::PartyId) override {
    Entry*& open = entries_[{part, kind}];
    if (!open) open = &transaction_.open_entry(part, kind, payload_);
    return *open;
  }
  /// Later changes open new entries: the end of a chunk.
  void next_chunk() { entries_.clear(); }

 private:
  Transaction& transaction_;
  std::string payload_;
  std::map<std::pair<Part, EntryKind>, Entry*> entries_;
};

}  // namespace arrears::app
