#include "app/import_desk.h"

#include <algorithm>

namespace arrears::app {

namespace {

constexpr std::size_t uploads_of_a_person_max = 5;

}  // namespace

struct ImportDesk::Upload {
  std::string id;
  std::string person;
  std::string entity;
  std::string kind;
  std::string file_name;
  UploadedFile file;
  std::string state = "uploaded";
  std::string phase = {};
  std::int64_t rows = 0;
  boost::json::value report = {};
  boost::json::value problem = {};
  std::thread worker = {};
  bool is_running() const { return state == "checking" || state == "publishing"; }
};

ImportDesk::~ImportDesk() {
  for (auto& [id, upload] : uploads_)
    if (upload->worker.joinable()) upload->worker.join();
}

Json ImportDesk::json(const Upload& upload) {
  boost::json::value phase;
  if (upload.is_running()) phase = upload.phase;
  return {{"import_id", upload.id},        {"entity", upload.entity}, {"kind", upload.kind},
          {"file_name", upload.file_name}, {"state", upload.state},   {"phase", std::move(phase)},
          {"rows", upload.rows},           {"report", upload.report}, {"problem", upload.problem}};
}

Result<Json> ImportDesk::take(const std::string& person, ImportRequest request, UploadedFile file) {
  auto analysis = files_.describe(file.path, request.options);
  if (!analysis) return analysis.error();
  (*analysis)["file"] = request.file_name;
  const std::lock_guard lock(mutex_);
  const auto of_person = std::ranges::count_if(
      uploads_, [&](const auto& one) { return one.second->person == person; });
  if (static_cast<std::size_t>(of_person) >= uploads_of_a_person_max)
    return base::refuse(UploadRefusal::too_many_uploads, "You have sent several files already");
  auto upload = std::make_shared<Upload>();
  upload->id = std::to_string(next_id_++);
  upload->person = person;
  upload->entity = request.entity;
  upload->kind = base::name(request.kind);
  upload->file_name = request.file_name;
  upload->file = std::move(file);
  uploads_[upload->id] = upload;
  Json answer = json(*upload);
  answer["analysis"] = std::move(*analysis);
  boost::json::array fields;
  for (const ImportField& field : import_fields(request.kind)) {
    fields.push_back(Json{{"field", field.name},
                          {"type", base::name(field.type)},
                          {"required", field.required},
                          {"meaning", field.help}});
  }
  answer["fields"] = std::move(fields);
  return answer;
}

Result<std::shared_ptr<ImportDesk::Upload>> ImportDesk::find(const std::string& person,
                                                             const std::string& entity,
                                                             const std::string& id) {
  const auto found = uploads_.find(id);
  if (found == uploads_.end() || found->second->person != person || found->second->entity != entity)
    return base::refuse(UploadRefusal::upload_unknown, "There is no upload " + id);
  return found->second;
}

Result<Json> ImportDesk::state(const std::string& person, const std::string& entity,
                               const std::string& id) {
  const std::lock_guard lock(mutex_);
  const auto upload = find(person, entity, id);
  if (!upload) return upload.error();
  return json(**upload);
}

Result<Json> ImportDesk::begin(const Caller& caller, const std::string& entity,
                               const std::string& id, const ImportRequest& request) {
  const std::lock_guard lock(mutex_);
  const auto found = find(caller.actor, entity, id);
  if (!found) return found.error();
  Upload& upload = **found;
  if (upload.is_running())
    return base::refuse(UploadRefusal::upload_busy, "The file is being read");
  if (upload.state == "published")
    return base::refuse(UploadRefusal::upload_published, "The file was published");
  if (upload.worker.joinable()) upload.worker.join();
  upload.state = request.dry_run ? "checking" : "publishing";
  upload.phase.clear();
  upload.rows = 0;
  upload.report = nullptr;
  upload.problem = nullptr;
  ImportRequest asked = request;
  asked.entity = upload.entity;
  asked.file_name = upload.file_name;
  asked.kind = *base::parse_name<ImportKind>(upload.kind);
  upload.worker = std::thread([this, kept = *found, caller, asked] { run(*kept, caller, asked); });
  return json(upload);
}

void ImportDesk::run(Upload& upload, const Caller& caller, const ImportRequest& request) {
  std::string state = "failed";
  boost::json::value report;
  boost::json::value problem;
  const auto refused = [&](const base::Refusal& no) {
    state = "refused";
    problem = Json{{"code", no.operation + "." + no.code}, {"detail", no.message}};
  };
  try {
    auto source = files_.open(upload.file.path, request.options);
    if (!source) {
      refused(source.error());
    } else {
      ImportIo io;
      io.source = source->get();
      io.progress = [&](std::string_view phase, std::int64_t rows) {
        const std::lock_guard lock(mutex_);
        upload.phase = phase;
        upload.rows = rows;
      };
      const auto done = import_file(store_, caller, request, io);
      if (done) {
        state = request.dry_run ? "checked" : "published";
        report = to_json(*done);
      } else {
        refused(done.error());
      }
    }
  } catch (const std::exception&) {
    problem = Json{{"code", "server.failed"},
                   {"detail", "The import failed. Nothing half-done is kept; try again."}};
  }
  const std::lock_guard lock(mutex_);
  upload.state = state;
  upload.report = std::move(report);
  upload.problem = std::move(problem);
}

Result<Json> ImportDesk::forget(const std::string& person, const std::string& entity,
                                const std::string& id) {
  std::shared_ptr<Upload> upload;
  {
    const std::lock_guard lock(mutex_);
    auto found = find(person, entity, id);
    if (!found) return found.error();
    upload = *found;
    if (upload->is_running())
      return base::refuse(UploadRefusal::upload_busy, "The file is being read");
    uploads_.erase(id);
  }
  if (upload->worker.joinable()) upload->worker.join();
  return json(*upload);
}

}  // namespace arrears::app
