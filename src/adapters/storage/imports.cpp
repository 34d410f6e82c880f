#include "adapters/storage/imports.h"

#include <array>

#include "adapters/storage/hashing.h"

namespace arrears::storage {

namespace {
base::Part part_of(std::int64_t batch) { return base::Id<struct ImportTag>{batch}.part(); }
}  // namespace

std::vector<app::ImportBatch> ImportStaging::batches() {
  std::vector<app::ImportBatch> batches;
  Query rows = connection_.query(
      "SELECT import_id, entity_id, kind, file_name, file_hash, options, status, staged_rows, "
      "started_at, report FROM import_batch ORDER BY started_at, import_id -- wide");
  while (rows.next()) {
    app::ImportBatch& batch = batches.emplace_back();
    batch.id = rows.int64_at(0);
    batch.entity = parties::EntityId{rows.int64_at(1)};
    batch.kind = rows.text_at(2);
    batch.file_name = rows.text_at(3);
    batch.file_hash = to_hex(rows.blob_at(4));
    batch.options = rows.text_at(5);
    batch.complete = rows.int64_at(6) != 0;
    batch.staged_rows = rows.int64_at(7);
    batch.started_at = {rows.int64_at(8)};
    batch.report = rows.text_at(9);
  }
  return batches;
}

void ImportStaging::put(const app::ImportBatch& batch) {
  connection_.execute(
      "INSERT INTO import_batch (part, import_id, entity_id, kind, file_name, file_hash, options, "
      "status, staged_rows, started_at, report) VALUES (:part, :id, :entity, :kind, :file_name, "
      ":file_hash, :options, :status, :staged_rows, :started_at, :report) "
      "ON CONFLICT (part, import_id) DO UPDATE SET status = excluded.status, "
      "staged_rows = excluded.staged_rows, report = excluded.report, options = excluded.options",
      part_of(batch.id), batch.id, batch.entity.value, batch.kind, batch.file_name,
      from_hex(batch.file_hash), batch.options, batch.complete, batch.staged_rows,
      batch.started_at.micros, batch.report);
}

void ImportStaging::add(std::int64_t batch, const app::ImportChunk& chunk) {
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(chunk.records.data());
  static const LaterWrite insert = insert_into(
      "import_chunk",
      std::array<std::string_view, 5>{"part", "import_id", "chunk_no", "row_count", "records"});
  connection_.write_later(insert, {part_of(batch), batch, chunk.number, chunk.rows,
                                   ByteView(bytes, chunk.records.size())});
}

void ImportStaging::each_chunk(std::int64_t batch,
                               const std::function<void(const app::ImportChunk&)>& each) {
  // One at a time: an engine may fetch the whole answer of a query at once.
  for (std::int64_t after = -1;;) {
    app::ImportChunk chunk;
    {
      Query row = connection_.query(
          "SELECT chunk_no, row_count, records FROM import_chunk WHERE part = :part AND "
          "import_id = :id AND chunk_no > :after ORDER BY chunk_no LIMIT 1",
          part_of(batch), batch, after);
      if (!row.next()) return;
      after = row.int64_at(0);
      chunk.number = static_cast<int>(after);
      chunk.rows = row.int64_at(1);
      const ByteView records = row.blob_at(2);
      chunk.records.assign(records.begin(), records.end());
    }
    each(chunk);
  }
}

void ImportStaging::drop(std::int64_t batch) {
  connection_.execute("DELETE FROM import_chunk WHERE part = :part AND import_id = :id",
                      part_of(batch), batch);
  connection_.execute("DELETE FROM import_batch WHERE part = :part AND import_id = :id",
                      part_of(batch), batch);
}

}  // namespace arrears::storage
