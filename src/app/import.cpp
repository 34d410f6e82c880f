#include "app/import.h"

#include <algorithm>

#include "app/import_publication.h"
#include "app/site.h"

namespace arrears::app {

namespace {

constexpr std::int64_t chunk_rows = 10'000;
constexpr std::size_t chunks_at_once = 10;  ///< of one short staging transaction

/// Gives the encoded chunks of the file, in order, as often as asked.
using ChunkFeed = std::function<void(const std::function<void(std::string)>&)>;

struct Chunk {
  std::string records;
  std::int64_t rows = 0;
};

Chunk read_chunk(RecordSource& source) {
  Chunk chunk;
  while (chunk.rows < chunk_rows) {
    const SourceRecord* record = source.next();
    if (!record) break;
    append_record(chunk.records, record->line, record->values, record->problems);
    ++chunk.rows;
  }
  return chunk;
}

ImportReport new_report(const ImportPlan& plan, std::int64_t import_id) {
  ImportReport report;
  report.import_id = import_id;
  report.file = plan.request.file_name;
  report.kind = base::name(plan.request.kind);
  report.entity = plan.request.entity;
  report.dry_run = plan.request.dry_run;
  for (const auto& [currency, minor] : plan.controls) report.totals[currency].control_minor = minor;
  return report;
}

void tell(const ImportProgress& progress, std::string_view phase, std::int64_t rows) {
  if (progress) progress(phase, rows);
}

/// Calls `each` with batches of whole chunks, of at least so many records but for the last.
void each_batch(const ChunkFeed& feed, std::size_t fields, std::size_t batch_rows,
                const std::function<void(const RecordBatch&)>& each) {
  RecordBatch batch(fields);
  feed([&](std::string chunk) {
    batch.add(std::move(chunk));
    if (batch.records().size() < batch_rows) return;
    each(batch);
    batch.clear();
  });
  if (!batch.records().empty()) each(batch);
}

std::optional<Refusal> check_controls(const ImportReport& report) {
  for (const auto& [currency, totals] : report.totals) {
    if (!totals.control_minor || *totals.control_minor == totals.file_minor) continue;
    return base::refuse(
        ImportRefusal::control_total_differs,
        "The file " + report.file + " sums to " + money::to_text({totals.file_minor, currency}) +
            ", the control total is " + money::to_text({*totals.control_minor, currency}));
  }
  return {};
}

void mention_interrupted(Transaction& facts, const parties::Entity& entity, ImportReport& report) {
  for (const ImportBatch& batch : facts.import_batches()) {
    if (batch.id == report.import_id || batch.entity != entity.id || batch.kind != report.kind)
      continue;
    report.warnings.push_back("The import " + std::to_string(batch.id) + " of " + batch.file_name +
                              " was interrupted and is still staged: resume or drop it.");
  }
}

/// The facts of the file in the open transaction; nothing is committed.
Result<ImportReport> publish(Transaction& facts, const Caller& caller, const ImportPlan& plan,
                             std::int64_t import_id, const ChunkFeed& feed, const ImportIo& io) {
  const auto entity = find_entity(facts, plan.request.entity);
  if (!entity) return entity.error();
  ImportReport report = new_report(plan, import_id);
  mention_interrupted(facts, *entity, report);
  if (io.source) {
    for (std::string& note : io.source->notes()) report.warnings.push_back(std::move(note));
  }
  Publication publication(facts, *entity, plan, report, io.rejects, business_date(*entity, caller));
  const auto kind = make_kind_import(publication);
  if (kind->looks_first()) {
    each_batch(feed, plan.columns.size(), KindImport::few_rows,
               [&](const RecordBatch& batch) { kind->look(batch); });
  }
  each_batch(feed, plan.columns.size(), kind->batch_rows(), [&](const RecordBatch& batch) {
    report.rows += static_cast<std::int64_t>(batch.records().size());
    kind->take(batch);
    publication.end_batch();
    tell(io.progress, "publishing", report.rows);
  });
  kind->finish();
  publication.end_batch();
  if (io.rejects) io.rejects->finish();
  if (const auto refusal = check_controls(report)) return *refusal;
  std::ranges::stable_sort(report.problems, {}, &ImportProblem::line);
  return report;
}

/// What the journal says of an import: no values of the file, which may be personal.
Json published_payload(const ImportReport& report, std::string_view file_hash) {
  Json payload = to_json(report);
  payload.erase("problems");
  payload.erase("warnings");
  payload["file_hash"] = file_hash;
  return payload;
}

/// What is remembered under the idempotency key.
Json remembered(const ImportReport& report) {
  Json answer = to_json(report);
  if (report.kind == base::name(ImportKind::contacts)) {
    answer["problems"] = boost::json::array{};  // they quote personal data
  }
  return answer;
}

/// An import whose request was found good, on its way into the store.
class ImportRun {
 public:
  ImportRun(Store& store, const Caller& caller, ImportPlan plan, std::string file_hash,
            const ImportIo& io)
      : store_(store),
        caller_(caller),
        plan_(std::move(plan)),
        file_hash_(std::move(file_hash)),
        io_(io) {}

  /// From the source, of which nothing has been read.
  Result<ImportReport> from_source() {
    if (plan_.request.dry_run) return rehearse();
    Chunk first = read_chunk(*io_.source);
    if (first.rows < chunk_rows) {
      return publish_and_commit([&first](const auto& each) { each(first.records); });
    }
    if (const auto past = recall_before_staging()) return *past;
    stage(std::move(first));
    return publish_staged();
  }

  /// From what is staged, and the rest of the source.
  Result<ImportReport> resume(const ImportBatch& batch) {
    batch_ = batch;
    if (!batch.complete) {
      for (std::int64_t row = 0; row < batch.staged_rows; ++row) io_.source->next();
      stage(read_chunk(*io_.source));
    }
    return publish_staged();
  }

 private:
  Part part(Facts& facts) const {
    const auto entity = find_entity(facts, plan_.request.entity);
    ARREARS_REQUIRE(entity.ok());
    return part_of(entity->id);
  }

  std::string client() const { return caller_.actor + "/import"; }

  std::string body() const {
    Json body = to_json(plan_.request);
    body["file_hash"] = file_hash_;
    return boost::json::serialize(body);
  }

  /// What the same command answered before.
  std::optional<Result<ImportReport>> recall(Transaction& facts) const {
    const auto past = facts.recall(part(facts), client(), caller_.idempotency_key, body());
    if (!past) return {};
    if (!past->same_body) {
      return Result<ImportReport>(
          base::refuse(CommandRefusal::idempotency_key_reused,
                       "The key " + caller_.idempotency_key + " was used with another import"));
    }
    return Result<ImportReport>(import_report_from(boost::json::parse(past->answer).as_object()));
  }

  std::optional<Result<ImportReport>> recall_before_staging() const {
    const auto transaction = store_.write();
    return recall(*transaction);
  }

  /// Everything as it would be, in a transaction that is dropped.
  Result<ImportReport> rehearse() {
    const auto transaction = store_.write();
    bool from_start = true;
    return publish(
        *transaction, caller_, plan_, 0,
        [&](const auto& each) {
          if (!from_start) {
            const auto again = io_.source->select(plan_.columns);
            ARREARS_REQUIRE(again.ok());
          }
          from_start = false;
          for (Chunk chunk = read_chunk(*io_.source); chunk.rows > 0;
               chunk = read_chunk(*io_.source)) {
            each(std::move(chunk.records));
          }
        },
        io_);
  }

  /// Takes the rest of the source in short transactions, the first chunk in one of its own: from
  /// then on the import can be resumed.
  void stage(Chunk chunk) {
    std::vector<Chunk> chunks;
    for (bool last = false; !last;) {
      Chunk next = chunk.rows < chunk_rows ? Chunk{} : read_chunk(*io_.source);
      last = next.rows == 0;
      chunks.push_back(std::move(chunk));
      if (last || batch_.id == 0 || chunks.size() == chunks_at_once) {
        put(chunks, last);
        tell(io_.progress, "staging", batch_.staged_rows);
        chunks.clear();
      }
      chunk = std::move(next);
    }
  }

  void put(const std::vector<Chunk>& chunks, bool last) {
    const auto transaction = store_.write();
    if (batch_.id == 0) {
      const auto entity = find_entity(*transaction, plan_.request.entity);
      ARREARS_REQUIRE(entity.ok());
      batch_.id = transaction->ids().next(part_of(entity->id));
      batch_.entity = entity->id;
      batch_.kind = base::name(plan_.request.kind);
      batch_.file_name = plan_.request.file_name;
      batch_.file_hash = file_hash_;
      batch_.options = boost::json::serialize(to_json(plan_));
      batch_.report = "{}";
      batch_.started_at = caller_.now;
    }
    for (const Chunk& chunk : chunks) {
      if (chunk.rows == 0) continue;
      const int number = static_cast<int>(batch_.staged_rows / chunk_rows) + 1;
      transaction->add(batch_.id, {number, chunk.rows, chunk.records});
      batch_.staged_rows += chunk.rows;
    }
    batch_.complete = last;
    transaction->put(batch_);
    transaction->commit(caller_.now, caller_.actor);
  }

  Result<ImportReport> publish_staged() {
    auto report = publish_and_commit({});
    if (!report && report.error().operation == base::RefusalTable<ImportRefusal>::operation) {
      // The file was refused as a whole: nothing is left to resume.
      const auto transaction = store_.write();
      transaction->drop_import(batch_.id);
      transaction->commit(caller_.now, caller_.actor);
    }
    return report;
  }

  /// `memory`: the chunk of a file that was not staged.
  Result<ImportReport> publish_and_commit(const ChunkFeed& memory) {
    auto transaction = store_.write();
    if (const auto past = recall(*transaction)) return *past;
    const ChunkFeed staged = [&](const std::function<void(std::string)>& each) {
      transaction->each_chunk(batch_.id, [&](const ImportChunk& chunk) { each(chunk.records); });
    };
    const auto report =
        publish(*transaction, caller_, plan_, batch_.id, memory ? memory : staged, io_);
    if (!report) return report;
    if (batch_.id != 0) transaction->drop_import(batch_.id);
    transaction->open_entry(part(*transaction), EntryKind::import_published,
                            boost::json::serialize(published_payload(*report, file_hash_)));
    transaction->remember(part(*transaction), client(), caller_.idempotency_key, body(),
                          boost::json::serialize(remembered(*report)));
    transaction->commit(caller_.now, caller_.actor);
    transaction.reset();
    seal_committed(store_);
    return report;
  }

  Store& store_;
  const Caller& caller_;
  ImportPlan plan_;
  std::string file_hash_;
  const ImportIo& io_;
  ImportBatch batch_;  ///< id 0: not staged
};

Result<ImportBatch> find_batch(Transaction& facts, std::int64_t import_id) {
  for (ImportBatch& batch : facts.import_batches())
    if (batch.id == import_id) return std::move(batch);
  return base::refuse(ImportRefusal::import_unknown,
                      "There is no interrupted import " + std::to_string(import_id));
}

std::string code_of(Facts& facts, parties::EntityId id) {
  for (const parties::Entity& entity : facts.entities())
    if (entity.id == id) return entity.code;
  return {};
}

}  // namespace

Result<ImportReport> import_file(Store& store, const Caller& caller, const ImportRequest& request,
                                 const ImportIo& io) {
  ARREARS_REQUIRE(io.source != nullptr && !caller.idempotency_key.empty());
  auto plan = make_import_plan(*store.read({}), request, io.source->header());
  if (!plan) return plan.error();
  if (const auto selected = io.source->select(plan->columns); !selected) return selected.error();
  return ImportRun(store, caller, std::move(*plan), io.source->hash(), io).from_source();
}

Result<ImportReport> resume_import(Store& store, const Caller& caller, std::int64_t import_id,
                                   const ImportIo& io) {
  ARREARS_REQUIRE(!caller.idempotency_key.empty());
  std::optional<ImportPlan> plan;
  ImportBatch batch;
  {
    const auto facts = store.write();
    const auto found = find_batch(*facts, import_id);
    if (!found) return found.error();
    batch = *found;
    auto kept = import_plan_from(*facts, boost::json::parse(batch.options).as_object());
    if (!kept) return kept.error();
    plan = std::move(*kept);
  }
  if (!batch.complete && (!io.source || io.source->hash() != batch.file_hash)) {
    return base::refuse(
        ImportRefusal::file_differs,
        "The import " + std::to_string(import_id) + " was begun with another " + batch.file_name);
  }
  if (!batch.complete) {
    if (const auto selected = io.source->select(plan->columns); !selected) return selected.error();
  }
  return ImportRun(store, caller, std::move(*plan), batch.file_hash, io).resume(batch);
}

Result<ImportRequest> interrupted_import(Store& store, std::int64_t import_id) {
  const auto facts = store.write();
  const auto batch = find_batch(*facts, import_id);
  if (!batch) return batch.error();
  const Json plan = boost::json::parse(batch->options).as_object();
  return import_request_from(plan.at("request").as_object());
}

Result<Json> drop_import(Store& store, const Caller& caller, std::int64_t import_id) {
  const auto facts = store.write();
  const auto batch = find_batch(*facts, import_id);
  if (!batch) return batch.error();
  facts->drop_import(import_id);
  facts->commit(caller.now, caller.actor);
  return Json{{"dropped", std::to_string(import_id)}, {"file", batch->file_name}};
}

boost::json::array list_imports(Store& store) {
  boost::json::array list;
  const auto facts = store.write();
  for (const ImportBatch& batch : facts->import_batches()) {
    list.push_back(Json{{"import_id", std::to_string(batch.id)},
                        {"entity", code_of(*facts, batch.entity)},
                        {"kind", batch.kind},
                        {"file", batch.file_name},
                        {"staged_rows", batch.staged_rows},
                        {"complete", batch.complete},
                        {"started_at", to_string(batch.started_at)}});
  }
  return list;
}

}  // namespace arrears::app
